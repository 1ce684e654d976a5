import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "./error.ts";
import { applyUpdates } from "./monitor.ts";
import type { Row } from "./value.ts";

function apply(...updates: unknown[]): Record<string, Record<string, Row>> {
  const tables = new Map<string, Map<string, Row>>();
  for (const update of updates) applyUpdates(tables, update);
  const entries = Array.from(tables, ([name, rows]) => [name, Object.fromEntries(rows)]);
  return Object.fromEntries(entries);
}

Deno.test("applyUpdates() takes in rows", () => {
  assertEquals(apply({ Bridge: { a: { new: { name: "br1" } } } }), {
    Bridge: { a: { name: "br1" } },
  });
});

Deno.test("applyUpdates() replaces what changed", () => {
  const tables = apply(
    { Mirror: { a: { new: { name: "m", output_port: ["set", []] } } } },
    { Mirror: { a: { old: { name: "m" }, new: { name: "n", output_port: ["set", []] } } } },
  );
  assertEquals(tables, { Mirror: { a: { name: "n", output_port: ["set", []] } } });
});

Deno.test("applyUpdates() keeps the columns that another request watches", () => {
  const tables = apply(
    { Mirror: { a: { new: { name: "m" } } } },
    { Mirror: { a: { new: { statistics: ["map", []] } } } },
  );
  assertEquals(tables, { Mirror: { a: { name: "m", statistics: ["map", []] } } });
});

Deno.test("applyUpdates() drops deleted rows, also those that it never saw", () => {
  const tables = apply(
    { Port: { a: { new: { name: "p" } }, b: { new: { name: "q" } } } },
    { Port: { a: { old: { name: "p" } }, c: { old: { name: "r" } } } },
  );
  assertEquals(tables, { Port: { b: { name: "q" } } });
});

for (
  const update of [undefined, null, 1, "x", { Port: 1 }, { Port: { a: null } }, {
    Port: { a: { new: 1 } },
  }]
) {
  Deno.test(`applyUpdates() refuses ${JSON.stringify(update)}`, () => {
    assertThrows(() => apply(update), ProtocolError);
  });
}
