import { assertEquals, assertObjectMatch } from "@std/assert";
import type { Operation } from "../../ovsdb/operation.ts";
import { type Row, stringMap } from "../../ovsdb/value.ts";
import { consumer, producer } from "../role.ts";
import { askByHand, askHeld, byHandIn, forgetByHand, planByHand } from "./by_hand.ts";

const PREFIX = "ovs-mirror-hand-";
const BOTH = producer.columnsFor({ ingress: true, egress: true });

const NONE = { all: [], number: 7 };

function row(entries: Record<string, string>, name = "m"): Row {
  return { _uuid: ["uuid", "r"], name, external_ids: stringMap(entries) };
}

function mutationsOf(operation: Operation | undefined) {
  if (operation?.op !== "mutate") throw new Error("it changes nothing");
  return operation.mutations;
}

Deno.test("byHandIn() reads what planByHand() writes", () => {
  const written = [
    { columns: BOTH },
    { columns: consumer.columnsFor({}), options: { snaplen: 64, vlans: [7] }, until: 1700000000 },
    { columns: consumer.columnsFor({}), isInternal: true },
  ];
  for (const { columns, options, until, isInternal = false } of written) {
    const mirror = { name: "m", columns, ...(options && { options }) };
    const port = { port: "p", until, isInternal };
    const [, mutation] = planByHand([mirror], new Map(), port, NONE);
    const added = mutationsOf(mutation)[1]![2];
    assertEquals(byHandIn({ ...row({}), external_ids: added }), [{
      row: "r",
      mirror: "m",
      port: "p",
      columns,
      options: Object.keys(options ?? {}),
      ...(until && { until }),
      isInternal,
    }]);
  }
});

Deno.test("byHandIn() makes nothing of what is malformed, and of other entries", () => {
  const entries = { owner: "o", "ovs-mirror-hand": "on", [`${PREFIX}p`]: "select_all until=x; " };
  const [one, ...others] = byHandIn(row(entries));
  assertEquals([one!.columns, one!.until, one!.options, others], [[], undefined, [], []]);
});

Deno.test("planByHand() notes the columns that the port is not in anyway", () => {
  const mirror = { name: "m", columns: BOTH };
  const port = { port: "p", isInternal: false };
  const held = new Map([["m", [BOTH[0]!]]]);
  const [, noted] = planByHand([mirror], held, port, NONE);
  assertEquals(
    mutationsOf(noted)[1]![2],
    stringMap({ [`${PREFIX}p`]: BOTH[1]!, "ovs-mirror-hand": "on" }),
  );
  assertEquals(planByHand([mirror], new Map([["m", BOTH]]), port, NONE), []);
});

Deno.test("planByHand() keeps what was attached before, if nothing changed", () => {
  const before = byHandIn(row({ [`${PREFIX}p`]: `${BOTH[0]} until=5` }));
  const port = { port: "p", isInternal: false };
  const mirror = { name: "m", columns: [BOTH[1]!] };
  const [guard, noted] = planByHand([mirror], new Map(), port, { all: before, number: 7 });
  assertObjectMatch(guard!, { op: "wait", rows: [{ next_cfg: 7 }], timeout: 0 });
  const added = mutationsOf(noted)[1]![2];
  assertEquals(byHandIn({ ...row({}), external_ids: added })[0]!.columns, [BOTH[1], BOTH[0]]);
});

Deno.test("askHeld() takes no copy of a row for an attachment of its own", () => {
  const own = row({}), byHand = row({ [`${PREFIX}p`]: "select_src_port" });
  const ask = (rows: Row[]) =>
    askHeld([{ name: "m", columns: ["select_src_port"] }], "p").read([{ rows }]).get("m") ?? [];
  assertEquals(ask([]), []);
  assertEquals(ask([own]), ["select_src_port"]);
  assertEquals(ask([byHand]), []);
  assertEquals(ask([byHand, own]), []);
});

Deno.test("forgetByHand() takes the mark away with the last entry, if nothing changed", () => {
  const entries = { [`${PREFIX}p`]: "output_port", [`${PREFIX}q`]: "select_src_port" };
  const read = (entries: Record<string, string>) =>
    askByHand().read([{ rows: [row(entries)] }, { rows: [{ next_cfg: 7 }] }]);
  const deleted = (entries: Record<string, string>) => {
    const found = read(entries);
    const [guard, change] = forgetByHand(found.all[0]!, found);
    assertObjectMatch(guard!, { op: "wait", rows: [{ next_cfg: 7 }], timeout: 0 });
    return mutationsOf(change).map(([, , what]) => what);
  };
  const entry = ["set", [`${PREFIX}p`]];
  assertEquals(deleted(entries), [entry]);
  assertEquals(deleted({ [`${PREFIX}p`]: "" }), [entry, stringMap({ "ovs-mirror-hand": "on" })]);
  assertEquals(read({}).all, []);
  assertEquals(askByHand().read([{ rows: [] }, { rows: [] }]), { all: [], number: 0 });
});
