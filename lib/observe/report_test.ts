import { assertEquals } from "@std/assert";
import { makeReport } from "../../tests/support/cli/show.ts";
import { stringMap } from "../ovsdb/value.ts";
import { hasProblem, statisticsInterval } from "./report.ts";

Deno.test("hasProblem() is about the switch too, where no mirror is ours", () => {
  const mirrors = { br1: { mirrors: [{ name: "span", owner: null }] } };
  for (const state of ["running", "unknown"] as const) {
    assertEquals(hasProblem(makeReport(mirrors, state)), false, state);
  }
  for (const state of ["not running", "not answering"] as const) {
    assertEquals(hasProblem(makeReport(mirrors, state)), true, state);
  }
});

Deno.test("hasProblem() is about mirrors of the plugins", () => {
  const judged = (owner?: null) => makeReport({ br1: { mirrors: [{ name: "m", owner }] } });
  assertEquals([hasProblem(judged()), hasProblem(judged(null))], [true, false]);
});

/** The rows of a switch that was told to count every so many milliseconds. */
function countingEvery(milliseconds?: string) {
  const other_config = milliseconds === undefined
    ? stringMap({})
    : stringMap({ "stats-update-interval": milliseconds });
  return new Map([["Open_vSwitch", new Map([["root", { other_config }]])]]);
}

Deno.test("statisticsInterval() is what the switch makes of its configuration", () => {
  const seconds = { "1000": 5, "5000": 5, "5001": 5.001, "10000": 10, "": 5, "soon": 5 };
  assertEquals(statisticsInterval(countingEvery()), 5);
  assertEquals(statisticsInterval(new Map()), 5);
  for (const [text, expected] of Object.entries(seconds)) {
    assertEquals(statisticsInterval(countingEvery(text)), expected, text);
  }
});
