import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { producerCall } from "../../../tests/model/switch/examples.ts";
import { requestOf } from "../../../tests/model/semantics/call.ts";
import { guard, isRow, type Operation } from "../../ovsdb/operation.ts";
import { EMPTY, stringMap, uuidSet } from "../../ovsdb/value.ts";
import type { WantedMirror } from "../config/config.ts";
import { parseRemoteText } from "../config/remote.ts";
import { Refusal } from "../refusal.ts";
import {
  type MirrorState,
  OWNER,
  type RowOptions,
  type Snapshot,
  type Sources,
} from "../snapshot/snapshot.ts";
import { planRemote } from "./remote.ts";
import { choose } from "./target_rows.ts";

const TEXT = "gre:192.0.2.10,key=7", OTHER = "vxlan:192.0.2.11";
const [IDS, ELSEWHERE] = [parseRemoteText(TEXT), parseRemoteText(OTHER)];
const MARK = { "ovs-mirror-remote": TEXT };
const TUNNEL = { id: "t", name: IDS.port, remote: TEXT };

/** A mirror whose producer sends copies away, but for what is said otherwise. */
function wanted(members: Partial<WantedMirror> = {}): WantedMirror {
  return { name: "m1", columns: ["select_src_port"], remote: IDS, ...members };
}

/** A row of `m1` that is ours and plain, but for what is said otherwise. */
function row(options: Partial<RowOptions> = {}, members: Partial<MirrorState> = {}): MirrorState {
  const plain = {
    ...{ isOurs: true, isCopy: false, isShared: false, hasSources: true },
    ...{ fromConsumer: false, filterFromConsumer: false, columns: {} },
  };
  const rowOptions = { ...plain, ...options };
  return { id: "m", name: "m1", outputVlan: false, rowOptions, ...members };
}

const LEAVING = row({ remote: TEXT }, { output: "t" });

function plan(snapshot: Partial<Snapshot>, ...mirrors: WantedMirror[]) {
  const rows = snapshot.mirrors ?? [];
  const whole: Snapshot = {
    ...{ mirrors: rows, ports: [{ id: "p", name: "p1" }], attachedPorts: [], emptyMirrors: [] },
    ...{ bridge: { id: "b", mirrors: rows.map(({ id }) => id) }, tunnels: [], withOptions: true },
    ...snapshot,
  };
  const request = requestOf(producerCall({ mirrors }));
  return planRemote(request, choose(request, whole), whole);
}

/** The plan without the guards against consumers of all ports, one for each row. */
function changes(snapshot: Partial<Snapshot>, ...mirrors: WantedMirror[]): Operation[] {
  const { before } = plan(snapshot, ...mirrors);
  return before.filter((one) =>
    one.op !== "wait" || !JSON.stringify(one).includes("ovs-mirror-all")
  );
}

/** What makes a tunnel's port. */
function making({ type, text, port, options }: typeof IDS, number = 0): Operation[] {
  const external_ids = stringMap({ owner: OWNER, "ovs-mirror-remote": text });
  const [label, interfaces] = [`tunnel${number}`, `interface${number}`];
  const row = { name: port, type, options: stringMap(options), external_ids };
  return [
    guard("Port", [["name", "==", port]], []),
    { op: "insert", table: "Interface", row, "uuid-name": interfaces },
    {
      op: "insert",
      table: "Port",
      row: { name: port, interfaces: ["named-uuid", interfaces], external_ids },
      "uuid-name": label,
    },
    {
      op: "mutate",
      table: "Bridge",
      where: [isRow("b")],
      mutations: [["ports", "insert", ["set", [["named-uuid", label]]]]],
    },
  ];
}

/** What makes sure that a tunnel's port is there still. */
const THERE = [
  guard("Bridge", [isRow("b"), ["ports", "includes", ["uuid", "t"]]], ["b"]),
  guard("Port", [isRow("t"), ["external_ids", "includes", stringMap(MARK)]], ["t"]),
];

Deno.test("planRemote() makes mirror and tunnel where there are none, one tunnel for one far end", () => {
  const mirrors = [
    wanted(),
    wanted({ name: "m2" }),
    wanted({ name: "m3", remote: ELSEWHERE, options: { snaplen: 64 } }),
    wanted({ name: "m4", remote: undefined }),
  ];
  const { before, rows } = plan({}, ...mirrors);
  assertEquals(before, [...making(IDS), ...making(ELSEWHERE, 1)]);
  const made = (number: number, marks: object) => ({
    output_port: ["named-uuid", `tunnel${number}`],
    external_ids: stringMap({ owner: OWNER, ...marks }),
  });
  const options = { "ovs-mirror-options": "consumer", "ovs-mirror-remote": OTHER };
  assertEquals(Object.fromEntries(rows), {
    m1: made(0, MARK),
    m2: made(0, MARK),
    m3: { snaplen: 64, ...made(1, options) },
  } as unknown);
});

Deno.test("planRemote() uses the tunnel's port that is there, on this bridge or not known where", () => {
  const details = (bridge?: string) => ({
    ...{ bridgeOfMirror: new Map(), portNames: new Map(), conflicts: [] },
    bridgeOfPort: new Map([["t", bridge]]),
  });
  for (const more of [{}, { details: details("br1") }, { details: details(undefined) }]) {
    const { before, rows } = plan({ tunnels: [TUNNEL], ...more }, wanted(), wanted({ name: "m2" }));
    assertEquals(before, THERE);
    assertEquals([...rows.values()].map((one) => one.output_port), [["uuid", "t"], ["uuid", "t"]]);
  }
  // A port of another tunnel is none of this one.
  const other = { ...TUNNEL, name: ELSEWHERE.port, remote: OTHER };
  assertEquals(changes({ tunnels: [other] }, wanted()), making(IDS));
});

Deno.test("planRemote() beside consumers that share copies the sources of all rows", () => {
  const shares = row({ isShared: true }, { output: "q" });
  const copy = row({ isCopy: true }, { id: "n", output: "r" });
  const hands = { "ovs-mirror-hand": "on", "ovs-mirror-hand-a": "select_src_port until=9" };
  const sources = new Map<string, Sources>([
    ["m", { src: ["a"], dst: ["b", "p"], byHand: new Map(Object.entries(hands)) }],
    ["n", { src: ["a"], dst: [], byHand: new Map() }],
  ]);
  const { rows } = plan({ mirrors: [shares, copy], sources }, wanted());
  assertEquals(rows.get("m1"), {
    select_src_port: uuidSet(["a", "p"]),
    select_dst_port: uuidSet(["b", "p"]),
    output_port: ["named-uuid", "tunnel0"],
    external_ids: stringMap({ owner: OWNER, "ovs-mirror-shared": "consumer", ...MARK, ...hands }),
  });
  const asRead = (id: string, output: string, src: string[], dst: string[]) =>
    guard("Mirror", [
      ...[isRow(id), ["output_port", "==", ["uuid", output]] as const],
      ["select_src_port", "==", uuidSet(src)],
      ["select_dst_port", "==", uuidSet(dst)],
    ], [id]);
  assertEquals(changes({ mirrors: [shares, copy], sources }, wanted()), [
    ...making(IDS),
    ...[asRead("m", "q", ["a"], ["b", "p"]), asRead("n", "r", ["a"], [])],
  ]);
});

Deno.test("planRemote() takes a row of ours that has no output, with what is asked of its packets", () => {
  const taken = row({ isShared: true }, { id: "n", output: "q" });
  const vlan = row({}, { id: "v", outputVlan: true });
  const found = changes({
    tunnels: [TUNNEL],
    mirrors: [taken, vlan, row({ columns: { snaplen: EMPTY } })],
  }, wanted({ options: { snaplen: 64 } }));
  const update = (row: object) => ({ op: "update", table: "Mirror", where: [isRow("m")], row });
  const mark = (mutator: "insert" | "delete", entries: Record<string, string>) =>
    ["external_ids", mutator, stringMap(entries)] as const;
  assertEquals(
    found,
    [
      ...THERE,
      guard("Mirror", [
        ...[isRow("m"), ["snaplen", "==", EMPTY] as const],
        ["external_ids", "excludes", stringMap({ "ovs-mirror-options": "consumer" })],
      ], ["m"]),
      update({ snaplen: 64 }),
      {
        op: "mutate",
        table: "Mirror",
        where: [isRow("m")],
        mutations: [
          mark("insert", { "ovs-mirror-options": "consumer" }),
          mark("delete", { "ovs-mirror-filter": "consumer" }),
          mark("delete", { "ovs-mirror-all": "consumer" }),
        ],
      },
      guard("Mirror", [isRow("m"), ["output_port", "==", EMPTY]], ["m"]),
      update({ output_port: ["uuid", "t"] }),
      {
        op: "mutate",
        table: "Mirror",
        where: [isRow("m")],
        mutations: [mark("insert", MARK)],
      },
    ] as Operation[],
  );
});

Deno.test("planRemote() joins those who send to the same far end, and mends an output that is gone", () => {
  const columns = { snaplen: 64 };
  const options = { snaplen: 64 };
  for (const output of ["t", undefined]) {
    const leaving = row({ remote: TEXT, columns }, { output });
    const consumers = row({ isShared: true }, { id: "n", output: "q" });
    const found = changes(
      { tunnels: [TUNNEL], mirrors: [consumers, leaving] },
      wanted({ options }),
    );
    const asRead = guard("Mirror", [
      isRow("m"),
      ["output_port", "==", output ? ["uuid", output] : EMPTY],
      ["external_ids", "includes", stringMap(MARK)],
      ["snaplen", "==", 64],
    ], ["m"]);
    const output_port = ["uuid", "t"] as const;
    const mended = { op: "update", table: "Mirror", where: [isRow("m")], row: { output_port } };
    assertEquals(found, [...THERE, asRead, ...(output ? [] : [mended as Operation])]);
  }
});

Deno.test("planRemote() refuses what is somebody else's, or others have decided", () => {
  const far = row({ remote: OTHER }, { output: "t" });
  const at = (bridge: string): Snapshot["details"] => ({
    ...{ bridgeOfMirror: new Map(), conflicts: [], portNames: new Map([["q", "q1"]]) },
    bridgeOfPort: new Map([["t", bridge]]),
  });
  const netdev = { bridge: { id: "b", mirrors: ["m"], datapath: "netdev" } };
  const there = { tunnels: [TUNNEL] };
  const marks = { remote: TEXT, filterFromConsumer: true };
  const filtered = row({ ...marks, columns: { filter: "tcp" } }, { output: "t" });
  const cases: [message: string, Partial<Snapshot>, Partial<WantedMirror>?][] = [
    ["somebody else's", { tunnels: [{ id: "t", name: IDS.port }] }],
    [`which is that to ${OTHER}`, { tunnels: [{ ...TUNNEL, remote: OTHER }] }],
    ['is on bridge "br2" already', { ...there, details: at("br2") }],
    ['"snaplen" would cut the packets', netdev, { options: { snaplen: 64 } }],
    ["it is not of the plugins' making", { ...there, mirrors: [row({ isOurs: false })] }],
    [`its copies go to ${OTHER}, not to ${TEXT}`, { ...there, mirrors: [far] }],
    ["others that feed it ask for other packets", {
      ...there,
      mirrors: [row({ remote: TEXT, columns: { snaplen: 64 } }, { output: "t" })],
    }],
    ["others that feed it ask for other packets", {
      ...there,
      mirrors: [row({ remote: TEXT, columns: { snaplen: EMPTY } }, { output: "t" })],
    }, { options: { snaplen: 64 } }],
    // The column is not read where nobody asks for a filter.
    ["others that feed it ask for other packets", {
      ...there,
      mirrors: [row(marks, { output: "t" })],
    }],
    [`its output is not the tunnel to ${TEXT} any more`, {
      ...there,
      mirrors: [row({ remote: TEXT }, { output: "q" })],
    }],
    [`its output is not the tunnel to ${TEXT} any more`, { mirrors: [LEAVING] }],
    ["its output is a VLAN (RSPAN)", { mirrors: [row({}, { outputVlan: true })] }],
    ["its output is a VLAN (RSPAN)", {
      mirrors: [row({ isShared: true }, { output: "q" }), row({}, { id: "n", outputVlan: true })],
    }],
    ['its output is port "q"', { mirrors: [row({}, { output: "q" })] }],
    ['its output is port "q1"', { mirrors: [row({}, { output: "q" })], details: at("br1") }],
    ['its output is port "q"', {
      mirrors: [row({ isShared: true }, { output: "r" }), row({}, { id: "n", output: "q" })],
    }],
    ["it has an output already, and is not of the plugins' making", {
      mirrors: [row({ isShared: true, isOurs: false }, { output: "q" })],
    }],
  ];
  for (const [message, snapshot, members] of cases) {
    const error = assertThrows(() => plan(snapshot, wanted(members)), Refusal, undefined, message);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, 'Cannot attach port "p1" as source to mirror "m1"');
  }
  const allowed: [Partial<Snapshot>, Partial<WantedMirror>?][] = [
    [{ bridge: { ...netdev.bridge, datapath: "system" } }, { options: { snaplen: 64 } }],
    [netdev, { options: { filter: "tcp" } }],
    [{ ...there, mirrors: [LEAVING], details: at("br1") }],
    [{ ...there, mirrors: [filtered] }, { options: { filter: "tcp" } }],
  ];
  for (const [snapshot, members] of allowed) plan(snapshot, wanted(members));
});
