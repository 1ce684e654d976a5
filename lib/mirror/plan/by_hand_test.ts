import { assertEquals, assertObjectMatch } from "@std/assert";
import type { Operation } from "../../ovsdb/operation.ts";
import { type Row, stringMap } from "../../ovsdb/value.ts";
import { consumer, producer } from "../role.ts";
import {
  askByHand,
  askHeld,
  byHandIn,
  forgetByHand,
  makeInternal,
  planByHand,
  removePort,
} from "./by_hand.ts";

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
  for (const until of ["x;", "", "-5", "0"]) {
    const value = `select_all until=${until} `;
    const entries = { owner: "o", "ovs-mirror-hand": "on", [`${PREFIX}p`]: value };
    assertEquals(byHandIn(row(entries)), [
      { row: "r", mirror: "m", port: "p", columns: [], options: [], isInternal: false },
    ]);
  }
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
  // Another port's entry, or one for another column, is none of this.
  assertEquals(ask([row({ [`${PREFIX}q`]: "select_src_port" })]), ["select_src_port"]);
  assertEquals(ask([row({ [`${PREFIX}p`]: "select_dst_port" })]), ["select_src_port"]);
});

Deno.test("forgetByHand() takes the mark away with the last entry, if nothing changed", () => {
  const entries = { [`${PREFIX}p`]: "output_port", [`${PREFIX}q`]: "select_src_port" };
  const read = (entries: Record<string, string>) =>
    askByHand().read([{ rows: [row(entries)] }, { rows: [{ next_cfg: 7 }] }]);
  const deleted = (entries: Record<string, string>) => {
    const found = read(entries);
    const [guard, change] = forgetByHand(found.all.slice(0, 1), found);
    assertObjectMatch(guard!, { op: "wait", rows: [{ next_cfg: 7 }], timeout: 0 });
    return mutationsOf(change).map(([, , what]) => what);
  };
  const entry = ["set", [`${PREFIX}p`]];
  assertEquals(deleted(entries), [entry]);
  assertEquals(deleted({ [`${PREFIX}p`]: "" }), [entry, stringMap({ "ovs-mirror-hand": "on" })]);
  assertEquals(read({}).all, []);
  assertEquals(askByHand().read([{ rows: [] }, { rows: [] }]), { all: [], number: 0 });
});

Deno.test("askHeld() asks for each column of each mirror, and tells them apart", () => {
  const mirrors = [{ name: "m", columns: BOTH }, { name: "n", columns: [BOTH[0]!] }];
  const { operations, read } = askHeld(mirrors, "p");
  const port = ["set", [["uuid", "p"]]];
  const asked = (name: string, column: string) => ({
    op: "select",
    table: "Mirror",
    where: [["name", "==", name], [column, "includes", port]],
    columns: ["_uuid", "name", "external_ids"],
  });
  const all = [asked("m", BOTH[0]!), asked("m", BOTH[1]!), asked("n", BOTH[0]!)];
  assertEquals<unknown>(operations, all);
  const rows = [row({})];
  assertEquals(read([{ rows }, { rows }, { rows: [] }]), new Map([["m", BOTH]]));
  assertEquals(
    read([{ rows: [] }, { rows }, { rows }]),
    new Map([["m", [BOTH[1]!]], ["n", [BOTH[0]!]]]),
  );
});

Deno.test("planByHand() writes what versions to come have to read, with what was before of this port", () => {
  const before = [
    ...byHandIn(
      row({ [`${PREFIX}p`]: "output_port options=vlans internal", [`${PREFIX}q`]: BOTH[0]! }),
    ),
    ...byHandIn(row({ [`${PREFIX}p`]: `${BOTH[1]} options=filter` }, "n")),
  ];
  const mirror = { name: "m", columns: consumer.columnsFor({}), options: { snaplen: 64 } };
  const port = { port: "p", until: 1700000000, isInternal: false };
  const [, change] = planByHand([mirror], new Map(), port, { all: before, number: 7 });
  const entry = "output_port options=snaplen,vlans until=1700000000 internal";
  assertEquals<unknown>(change, {
    op: "mutate",
    table: "Mirror",
    where: [["name", "==", "m"], ["output_port", "includes", ["set", [["uuid", "p"]]]]],
    mutations: [
      ["external_ids", "delete", ["set", [`${PREFIX}p`]]],
      ["external_ids", "insert", stringMap({ [`${PREFIX}p`]: entry, "ovs-mirror-hand": "on" })],
    ],
  });
  const [, plain] = planByHand([mirror], new Map(), { port: "r", isInternal: true }, {
    all: before,
    number: 7,
  });
  assertEquals(
    mutationsOf(plain)[1]![2],
    stringMap({ [`${PREFIX}r`]: "output_port options=snaplen internal", "ovs-mirror-hand": "on" }),
  );
});

Deno.test("forgetByHand() keeps the mark for another port of the same row alone", () => {
  const { all } = askByHand().read([
    {
      rows: [row({ [`${PREFIX}p`]: "" }), { ...row({ [`${PREFIX}q`]: "" }), _uuid: ["uuid", "s"] }],
    },
    { rows: [] },
  ]);
  const [, change] = forgetByHand(all.slice(0, 1), { all, number: 7 });
  assertObjectMatch(change!, { table: "Mirror", where: [["_uuid", "==", ["uuid", "r"]]] });
  assertEquals(mutationsOf(change).length, 2);
});

Deno.test("makeInternal() and removePort() put a port on a bridge and take it from any", () => {
  const marks = stringMap({ a: "b" });
  assertEquals<unknown>(makeInternal("br1", "mir0", marks), [
    {
      op: "insert",
      table: "Interface",
      row: { name: "mir0", type: "internal" },
      "uuid-name": "interface",
    },
    {
      op: "insert",
      table: "Port",
      row: { name: "mir0", interfaces: ["named-uuid", "interface"], external_ids: marks },
      "uuid-name": "port",
    },
    {
      op: "mutate",
      table: "Bridge",
      where: [["name", "==", "br1"]],
      mutations: [["ports", "insert", ["set", [["named-uuid", "port"]]]]],
    },
  ]);
  const port = ["set", [["uuid", "p"]]];
  assertEquals<unknown>(removePort("p"), {
    op: "mutate",
    table: "Bridge",
    where: [["ports", "includes", port]],
    mutations: [["ports", "delete", port]],
  });
});
