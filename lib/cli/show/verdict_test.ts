import { assertEquals } from "@std/assert";
import { type BridgeSpec, makeMirrors, type MirrorSpec } from "../../../tests/support/cli/show.ts";

/** What is said of the mirrors of a bridge with the ports p, q and down. */
function verdicts(mirrors: MirrorSpec[], others: Record<string, BridgeSpec> = {}) {
  const down = { name: "down", interfaces: [{ link_state: "down" }] };
  return makeMirrors({ br1: { ports: ["p", "q", down], mirrors }, ...others })
    .map(({ verdict }) => verdict);
}

const WELL = { name: "m", src: ["p"], out: "q" };

const CASES: [name: string, mirror: MirrorSpec, words: string[], problem: boolean][] = [
  ["packets have gone", { ...WELL, carried: [1, 60] }, ["carrying"], false],
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
    assertEquals(verdicts([mirror]), [{ words, foreign: false, problem }]);
  });
}

Deno.test("judge() tells whose mirror it is", () => {
  const [theirs, nobodys] = verdicts([
    { ...WELL, name: "a", owner: "someone", carried: [1, 60] },
    { ...WELL, name: "b", owner: null, out: undefined },
  ]);
  assertEquals(theirs, { words: ["foreign", "carrying"], foreign: true, problem: false });
  assertEquals(nobodys, { words: ["foreign", "no output"], foreign: true, problem: true });
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

/** Numbers of the mirrors of which a bridge has too many. */
function beyond(mirrors: MirrorSpec[]): number[] {
  return verdicts(mirrors).flatMap(({ words }, index) =>
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
});

Deno.test("judge() knows from the counts which mirrors the switch carries", () => {
  const carried = many(34).map((mirror, index): MirrorSpec =>
    index === 0 || index === 7 ? mirror : { ...mirror, carried: [0, 0] }
  );
  assertEquals(beyond(carried), [0, 7]);
});

Deno.test("judge() counts no mirror that the switch ignores for want of an output", () => {
  const [first, ...others] = many(33);
  assertEquals(beyond([{ ...first!, out: undefined }, ...others]), []);
});

Deno.test("judge() counts the mirrors of each bridge by themselves", () => {
  const others = many(20).map(({ name }) => ({ name: `x${name}`, src: ["r"], out: "r" }));
  const found = verdicts(many(20), { br2: { ports: ["r"], mirrors: others } });
  assertEquals(found.some(({ words }) => words.includes("beyond the switch's 32")), false);
});
