import { assertEquals } from "@std/assert";
import { idOf } from "../../tests/model/database/row.ts";
import { exampleSwitch } from "../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../tests/model/switch/layout.ts";
import { MemoryDirectory } from "../../tests/model/switch/memory.ts";
import { named } from "../../tests/model/switch/rows.ts";
import { openSession } from "../../tests/model/switch/session.ts";
import { mirrorsIn } from "../../tests/model/switch/view.ts";
import type { ByHand } from "../mirror/plan/by_hand.ts";
import { OWNER } from "../mirror/snapshot/snapshot.ts";
import { stringMap, type Value } from "../ovsdb/value.ts";
import { takeBack } from "./by_hand.ts";

const [ENDED, LATER] = ["until=5", "until=99999999999"];
const SRC = "select_src_port", DST = "select_dst_port", OUT = "output_port";

/** What a switch with `m1`, of which ports have entries, is like once all is taken back. */
async function taken(
  mirror: Partial<MirrorLayout>,
  entries: Readonly<Record<string, string>>,
  { isMeant, marks = {}, records = {} }: {
    isMeant?: (one: ByHand) => boolean;
    marks?: Readonly<Record<string, Record<string, string>>>;
    records?: Readonly<Record<string, object>>;
  } = {},
) {
  const row = { name: "m1", bridge: "br1", owner: OWNER, ...mirror };
  const database = build(exampleSwitch(row, { name: "other", bridge: "br1" }));
  const id = (name: string) => named(database.tables.Port, name).map(idOf)[0] ?? name;
  const set = (table: string, name: string, external_ids: Value) =>
    database.transact([{
      op: "update",
      table,
      where: [["name", "==", name]],
      row: { external_ids },
    }]);
  const byHand = Object.entries(entries).map(([port, entry]) =>
    [`ovs-mirror-hand-${id(port)}`, entry] as const
  );
  const before = mirror.others?.external_ids as ["map", [string, string][]] | undefined;
  set(
    "Mirror",
    "m1",
    stringMap({
      ...{ owner: OWNER, "ovs-mirror-hand": "on", ...Object.fromEntries(before?.[1] ?? []) },
      ...Object.fromEntries(byHand),
    }),
  );
  for (const [name, ids] of Object.entries(marks)) set("Port", name, stringMap(ids));
  const names = new Map(["p1", "p2", "marked"].map((name) => [id(name), name]));
  const directory = new MemoryDirectory();
  for (const [name, part] of Object.entries(records)) {
    const text = JSON.stringify({ parts: [part] }).replace(
      /"id:(\w+)"/g,
      (_, port) => `"${id(port)}"`,
    );
    directory.files.set(name, text);
  }
  // The switch takes each change up at once.
  const { session } = openSession(database, () => {
    const [row] = [...database.tables.Open_vSwitch.values()];
    const [next] = [...row!.next_cfg!.keys()];
    database.transact([{
      op: "update",
      table: "Open_vSwitch",
      where: [],
      row: { cur_cfg: next! },
    }]);
  });
  const found = await takeBack(session, directory, isMeant);
  const left = named(database.tables.Mirror, "m1")[0];
  const marksLeft = [...left?.external_ids?.keys() ?? []].map(String).filter((key) =>
    key !== "owner"
  );
  const [view] = mirrorsIn(database.tables).filter(({ name }) => name === "m1");
  return {
    taken: found.map(({ port }) => names.get(port) ?? port),
    left: view && [view.src, view.dst, view.output ?? null],
    marks: marksLeft.map((key) => key.replace(/[0-9a-f-]{36}$/, (port) => names.get(port) ?? port)),
    snaplen: [...left?.snaplen?.keys() ?? []],
    ports: [...database.tables.Port.values()].map((row) => `${[...row.name!.keys()][0]}`).sort(),
  };
}

const PORTS = ["far", "marked", "p1", "p2"];

Deno.test("takeBack() takes back what has ended, has no port or is meant, and nothing else", async () => {
  const both = { src: ["p1", "p2"], dst: ["p1"] };
  const hand = (
    ...ports: string[]
  ) => ["ovs-mirror-hand", ...ports.map((port) => `ovs-mirror-hand-${port}`)];
  const cases: [what: string, Parameters<typeof taken>, string[], unknown, string[]][] = [
    ["never ends", [both, { p1: SRC }], [], [["p1", "p2"], ["p1"], null], hand("p1")],
    ["ends later", [both, { p1: `${SRC} ${LATER}` }], [], [["p1", "p2"], ["p1"], null], hand("p1")],
    ["ended", [both, { p1: `${SRC} ${ENDED}` }], ["p1"], [["p2"], ["p1"], null], []],
    ["both columns", [both, { p1: `${SRC} ${DST} ${ENDED}` }], ["p1"], [["p2"], [], null], []],
    [
      "one of two",
      [both, { p1: SRC, p2: `${SRC} ${ENDED}` }],
      ["p2"],
      [["p1"], ["p1"], null],
      hand("p1"),
    ],
    [
      "two",
      [both, { p1: `${SRC} ${DST} ${ENDED}`, p2: `${SRC} ${ENDED}` }],
      ["p1", "p2"],
      undefined,
      [],
    ],
    [
      "port gone",
      [both, { gone: SRC, p1: SRC }],
      ["gone"],
      [["p1", "p2"], ["p1"], null],
      hand("p1"),
    ],
    [
      "meant",
      [both, { p1: SRC, p2: SRC }, { isMeant: ({ columns }) => columns.includes(SRC) }],
      ["p1", "p2"],
      [[], ["p1"], null],
      [],
    ],
    ["malformed", [both, { p1: `x ${ENDED}` }], ["p1"], [["p1", "p2"], ["p1"], null], []],
    ["an output", [{ ...both, output: "marked" }, { marked: `${OUT} ${ENDED}` }], ["marked"], [
      ["p1", "p2"],
      ["p1"],
      null,
    ], []],
  ];
  for (const [what, args, found, left, marks] of cases) {
    const after = await taken(...args);
    assertEquals([after.taken, after.left, after.marks], [found, left, marks], what);
  }
});

Deno.test("takeBack() leaves the columns that a plugin has on record of the same port and mirror", async () => {
  const both = { src: ["p1", "p2"], dst: ["p1"] };
  const entries = { p1: `${SRC} ${DST} ${ENDED}` };
  const part = (port: string, name: string, ...columns: string[]) => ({
    ...{ containerId: "c", ifname: "eth1", mirrors: [{ name, columns }] },
    ports: [{ id: `id:${port}`, name: port }],
  });
  const cases: [what: string, Parameters<typeof taken>[2], unknown][] = [
    ["one", { records: { "c-eth1_prod": part("p1", "m1", SRC) } }, [["p1", "p2"], [], null]],
    ["all", { records: { "c-eth1_prod": part("p1", "m1", SRC, DST) } }, [
      ["p1", "p2"],
      ["p1"],
      null,
    ]],
    ["another mirror", { records: { "c-eth1_prod": part("p1", "other", SRC) } }, [
      ["p2"],
      [],
      null,
    ]],
    ["another port", { records: { "c-eth1_prod": part("p2", "m1", SRC) } }, [["p2"], [], null]],
    ["of the other role", { records: { "c-eth1_cons": part("p1", "m1", DST) } }, [
      ["p2"],
      ["p1"],
      null,
    ]],
    ["two records", {
      records: { "c-eth1_prod": part("p1", "m1", SRC), "d-eth1_prod": part("p1", "m1", DST) },
    }, [["p1", "p2"], ["p1"], null]],
  ];
  for (const [what, more, left] of cases) {
    const after = await taken(both, entries, more);
    assertEquals([after.taken, after.left, after.marks], [["p1"], left, []], what);
  }
});

Deno.test("takeBack() takes the options that came with an output", async () => {
  const others = { snaplen: 64, external_ids: stringMap({ "ovs-mirror-options": "consumer" }) };
  const mirror = { src: ["p2"], output: "p1", others };
  const after = await taken(mirror, { p1: `${OUT} options=snaplen ${ENDED}` });
  assertEquals([after.left, after.snaplen, after.marks], [[["p2"], [], null], [], []]);
  const shares = {
    ...mirror,
    others: { external_ids: stringMap({ "ovs-mirror-shares": "consumer" }) },
  };
  assertEquals((await taken(shares, { p1: `${OUT} ${ENDED}` })).marks, []);
});

Deno.test("takeBack() removes interfaces of the node that nothing is sent to any more", async () => {
  const internal = (since: number) => ({
    "ovs-mirror-hand": "internal",
    "ovs-mirror-hand-since": `${since}`,
  });
  const [old, young] = [internal(Date.now() - 61_000), internal(Date.now() - 1000)];
  const without = PORTS.filter((name) => name !== "p1");
  const output = { output: "p1" }, entry = { p1: `${OUT} internal` };
  const cases: [what: string, Parameters<typeof taken>, string[], string[]][] = [
    ["idle", [output, entry, { marks: { p1: old } }], ["p1"], without],
    ["just made", [output, entry, { marks: { p1: young } }], [], PORTS],
    ["with a source", [{ ...output, src: ["p2"] }, entry, { marks: { p1: old } }], [], PORTS],
    [
      "of all ports",
      [{ ...output, others: { select_all: true } }, entry, { marks: { p1: old } }],
      [],
      PORTS,
    ],
    ["a port of the switch", [output, { p1: OUT }, { marks: { p1: old } }], [], PORTS],
    [
      "ended",
      [{ ...output, src: ["p2"] }, { p1: `${OUT} internal ${ENDED}` }, { marks: { p1: young } }],
      ["p1"],
      without,
    ],
    ["without a mirror", [{ src: ["p2"] }, {}, { marks: { p1: old } }], [], without],
    ["just made, without a mirror", [{ src: ["p2"] }, {}, { marks: { p1: young } }], [], PORTS],
    [
      "two without, one of them old",
      [{ src: ["p2"] }, {}, { marks: { p1: old, marked: young } }],
      [],
      without,
    ],
    [
      "two old, one of them in use",
      [{ src: ["p2"], output: "marked" }, {}, { marks: { p1: old, marked: old } }],
      [],
      without,
    ],
  ];
  for (const [what, args, found, ports] of cases) {
    const after = await taken(...args);
    assertEquals([after.taken, after.ports], [found, ports], what);
  }
});
