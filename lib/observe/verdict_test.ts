import { assertEquals } from "@std/assert";
import { withRates } from "./rates.ts";
import { judge, type MirrorVerdict } from "./verdict.ts";
import type { Row } from "../ovsdb/value.ts";
import { type BridgeSpec, makeMirrors, type MirrorSpec } from "../../tests/support/cli/show.ts";

/** What is said of the mirrors of a bridge with the ports p, q and down. */
function verdicts(mirrors: MirrorSpec[], others: Record<string, BridgeSpec> = {}) {
  const down = { name: "down", interfaces: [{ link_state: "down" }] };
  return makeMirrors({ br1: { ports: ["p", "q", down], mirrors }, ...others })
    .map(({ verdict }) => verdict);
}

const WELL = { name: "m", src: ["p"], out: "q" };

const CASES: [name: string, mirror: MirrorSpec, words: string[], problem: boolean][] = [
  ["packets have gone", { ...WELL, carried: [1, 60] }, ["has carried"], false],
  ["no packet has come", { ...WELL, carried: [0, 0] }, ["idle"], false],
  ["no switch counts", WELL, ["waiting for the switch"], false],
  ["no sources", { ...WELL, src: [] }, ["no sources"], true],
  ["no output", { ...WELL, out: undefined }, ["no output"], true],
  ["nothing at all", { name: "m" }, ["no sources", "no output"], true],
  ["the output is down", { ...WELL, out: "down", carried: [1, 1] }, ["output port down"], true],
  ["all ports", { ...WELL, src: [], columns: { select_all: true } }, [
    "waiting for the switch",
  ], false],
  ["VLANs alone", { ...WELL, src: [], columns: { select_vlan: 5 } }, ["no sources"], true],
  ["a VLAN as output", { name: "m", dst: ["p"], columns: { output_vlan: 5 } }, [
    "waiting for the switch",
  ], false],
];

for (const [name, mirror, words, problem] of CASES) {
  Deno.test(`judge() finds words for a mirror: ${name}`, () => {
    const [{ problems, ...verdict }] = verdicts([mirror]) as [MirrorVerdict];
    assertEquals([verdict, problems.length > 0], [{ words, foreign: false, problem }, problem]);
  });
}

Deno.test("judge() tells whose mirror it is", () => {
  const [theirs, nobodys] = verdicts([
    { ...WELL, name: "a", owner: "someone", carried: [1, 60] },
    { ...WELL, name: "b", owner: null, out: undefined },
  ]);
  assertEquals(theirs, {
    words: ["foreign", "has carried"],
    foreign: true,
    problem: false,
    problems: [],
  });
  assertEquals(nobodys, {
    words: ["foreign", "no output"],
    foreign: true,
    problem: true,
    problems: ["noOutput"],
  });
});

const RATED: [rate: [packets: number, dropped: number], carried: number, word: string][] = [
  [[3, 0], 9, "carrying"],
  [[0, 0], 9, "silent"],
  [[0, 0], 0, "idle"],
  [[3, 1], 9, "output drops packets"],
];

for (const [[packets, dropped], carried, word] of RATED) {
  Deno.test(`judge() tells what is carried now: ${word}`, () => {
    const mirrors = makeMirrors({
      br1: { ports: ["p", "q"], mirrors: [{ ...WELL, id: "1", carried: [carried, 100] }] },
    });
    const rates = new Map([["1", { packets, bytes: 60, dropped }]]);
    assertEquals(judge(withRates(mirrors, rates))[0]!.verdict.words, [word]);
  });
}

Deno.test("judge() puts a switch that is down before all", () => {
  const mirrors = makeMirrors({
    br1: { ports: ["p", "q"], mirrors: [{ ...WELL, carried: [1, 60] }, { name: "n" }] },
  });
  const words = (state: Parameters<typeof judge>[1]) =>
    judge(mirrors, state).map(({ verdict }) => verdict.words[0]);
  assertEquals(words("not running"), ["switch not running", "switch not running"]);
  assertEquals(words("not answering"), ["switch not answering", "switch not answering"]);
  assertEquals(words("running"), ["has carried", "no sources"]);
});

/** Judges mirror `m` from `s` and `t` to `o`. */
function judgeEnds(s: Row, t: Row, o: Row, mirror: Partial<MirrorSpec> = {}): readonly string[] {
  const ports = Object.entries({ s, t, o }).map(([name, row]) => ({ name, interfaces: [row] }));
  const mirrors = [{ name: "m", src: ["s", "t"], out: "o", carried: [100, 1] as const, ...mirror }];
  return makeMirrors({ br1: { ports, mirrors } })[0]!.verdict.words;
}

const GONE = { error: "could not open network device s (No such device)" };

Deno.test("judge() notices sources that are down or gone", () => {
  assertEquals(judgeEnds(GONE, { link_state: "down" }, {}), ["all sources down"]);
  assertEquals(judgeEnds(GONE, {}, {}), ["has carried", "1 of 2 sources down"]);
});

Deno.test("judge() warns of an output that takes shorter packets than a source", () => {
  const warning = "output MTU 500 below the sources' 1500";
  assertEquals(judgeEnds({ mtu: 1500 }, { mtu: 500 }, { mtu: 500 }), ["has carried", warning]);
  assertEquals(judgeEnds({ mtu: 500 }, { mtu: 500 }, { mtu: 1500 }), ["has carried"]);
  const cut = { columns: { snaplen: 200 } };
  assertEquals(judgeEnds({ mtu: 1500 }, {}, { mtu: 500 }, cut), ["has carried"]);
});

Deno.test("judge() takes more than 1 dropped packet in 100 for a problem", () => {
  const dropped = (count: number): Row => ({
    statistics: ["map", [["tx_dropped", count], ["tx_packets", 100]]],
  });
  assertEquals(judgeEnds({}, {}, dropped(1)), ["has carried"]);
  assertEquals(judgeEnds({}, {}, dropped(2)), ["output drops packets"]);
});

Deno.test("judge() takes rows of one name and bridge for one mirror", () => {
  const both = [WELL, { ...WELL, out: "p" }].map((row) => ({ ...row, carried: [1, 60] as const }));
  assertEquals(verdicts(both).map(({ words }) => words), [["has carried"]]);
  const first = both[0]!, second = both[1]!;
  assertEquals(verdicts([first, { ...second, src: ["q"] }])[0]!.words, [
    "rows with different sources",
  ]);
  assertEquals(verdicts([first, { ...second, out: "down" }])[0]!.words, [
    "output port down",
    "1 of 2 outputs gets nothing",
  ]);
  assertEquals(verdicts([first, { ...second, owner: "x" }])[0]!.foreign, false);
});

Deno.test("judge() notices an output on another bridge, and does not ask whether it is down", () => {
  const [verdict] = verdicts([{ ...WELL, out: "far" }], {
    br2: { ports: [{ name: "far", interfaces: [{ link_state: "down" }] }] },
  });
  assertEquals(verdict!.words, ["output port on another bridge"]);
});

Deno.test("judge() notices names that occur twice, on whatever bridge", () => {
  const found = verdicts([WELL, { ...WELL, name: "n" }], { br2: { mirrors: [{ name: "m" }] } });
  assertEquals(found.map(({ words }) => words), [
    ["duplicate name"],
    ["waiting for the switch"],
    ["no sources", "no output", "duplicate name"],
  ]);
});

/** What is said of a mirror and each of its outputs, which have these rows. */
function outputsOf(...rows: Partial<MirrorSpec>[]) {
  const mirrors = rows.map((row) => ({ ...WELL, carried: [5, 300] as const, ...row }));
  const [mirror] = makeMirrors({ br1: { ports: ["p", "q", "r", "s"], mirrors } });
  const outputs = mirror!.rows.map(({ verdict }) => verdict?.words.join(", "));
  return { words: mirror!.verdict.words, problem: mirror!.verdict.problem, outputs };
}

Deno.test("judge() tells when some of a mirror's outputs get nothing", () => {
  const idle = { out: "r", carried: [0, 0] as const, columns: { filter: "tcp" } };
  assertEquals(outputsOf({}, idle), {
    words: ["has carried", "1 of 2 outputs gets nothing"],
    problem: false,
    outputs: ["has carried", "idle"],
  });
  assertEquals(outputsOf({}, idle, { ...idle, out: "s" }).words[1], "2 of 3 outputs get nothing");
  assertEquals(outputsOf(idle, { ...idle, out: "s" }).words, ["idle"]);
  assertEquals(outputsOf({}, { src: [], out: "r", carried: [0, 0] }), {
    words: ["no sources", "rows with different sources", "1 of 2 outputs gets nothing"],
    problem: true,
    outputs: ["has carried", "no sources"],
  });
});

Deno.test("judge() tells by rates which outputs get nothing now", () => {
  const rows = ["q", "r"].map((out, index) => ({
    ...WELL,
    out,
    id: String(index),
    carried: [9, 900] as const,
  }));
  const mirrors = makeMirrors({ br1: { ports: ["p", "q", "r"], mirrors: rows } });
  const rate = (packets: number) => ({ packets, bytes: 60, dropped: 0 });
  const [mirror] = judge(withRates(mirrors, new Map([["0", rate(3)], ["1", rate(0)]])));
  assertEquals(mirror!.verdict.words, ["carrying", "1 of 2 outputs gets nothing"]);
});

/** An output whose interface counted so many packets that left. */
function left(tx_packets: number, columns: Row = {}): Row {
  return { mtu: 1500, statistics: ["map", [["tx_packets", tx_packets]]], ...columns };
}

Deno.test("judge() notices packets that got lost without being counted as dropped", () => {
  const remark = "output MTU 1500 below the sources' 4000";
  const judged = (output: Row) => judgeEnds({ mtu: 4000 }, { mtu: 4000 }, output);
  assertEquals(judged(left(3)), ["output drops packets", remark]);
  assertEquals(judged(left(100)), ["has carried", remark]);
  assertEquals(judged(left(99)), ["has carried", remark]);
  assertEquals(judged(left(3, { type: "erspan" })), ["has carried", remark]);
});

Deno.test("judge() believes that packets are lost now if the reason is still there", () => {
  const rated = (mtu: number) => {
    const ports = [{ name: "p", interfaces: [{ mtu }] }, { name: "q", interfaces: [left(3)] }];
    const mirror = { ...WELL, id: "1", carried: [100, 1] as const };
    const mirrors = makeMirrors({ br1: { ports, mirrors: [mirror] } });
    const rates = new Map([["1", { packets: 9, bytes: 60, dropped: 0 }]]);
    return judge(withRates(mirrors, rates))[0]!.verdict.words[0];
  };
  assertEquals([rated(4000), rated(1500)], ["output drops packets", "carrying"]);
});

/** Numbers of the mirrors of which a bridge has too many. */
function beyond(mirrors: MirrorSpec[], others?: Record<string, BridgeSpec>): number[] {
  return verdicts(mirrors, others).flatMap(({ words }, index) =>
    words.includes("beyond the switch's 32") ? [index] : []
  );
}

/** Mirrors whose names and identifiers are in their order. */
function many(count: number): MirrorSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const id = String(index).padStart(2, "0");
    return { ...WELL, name: id, id };
  });
}

Deno.test("judge() lets 32 mirrors of a bridge pass", () => {
  assertEquals(beyond(many(32)), []);
});

Deno.test("judge() has the switch take mirrors in the order of their identifiers", () => {
  assertEquals(beyond(many(34)), [32, 33]);
  const reversed = many(34).map((mirror, index) => ({ ...mirror, name: `${99 - index}` }));
  assertEquals(beyond(reversed), [0, 1]);
});

Deno.test("judge() knows from the counts which mirrors the switch carries", () => {
  const carried = many(34).map((mirror, index): MirrorSpec =>
    index === 0 || index === 7 ? mirror : { ...mirror, carried: [0, 0] }
  );
  assertEquals(beyond(carried), [0, 7]);
});

Deno.test("judge() counts no mirror that the switch ignores for want of an output on its bridge", () => {
  const [first, ...others] = many(33);
  for (const out of [undefined, "elsewhere"]) {
    assertEquals(beyond([{ ...first!, out }, ...others], { br2: { ports: ["elsewhere"] } }), []);
  }
});

Deno.test("judge() counts the mirrors of each bridge by themselves", () => {
  const others = many(20).map(({ name }) => ({ name: `x${name}`, src: ["r"], out: "r" }));
  const found = verdicts(many(20), { br2: { ports: ["r"], mirrors: others } });
  assertEquals(found.some(({ words }) => words.includes("beyond the switch's 32")), false);
});
