import { assertEquals } from "@std/assert";
import { chartsOf } from "./chart.ts";
import { COMMANDS } from "./contestant.ts";
import type { Row } from "./summary.ts";

/** Rows of all commands at one value, with one ratio of wall time. */
function rowsAt(at: number, ratio: number, others: Partial<Row> = {}): Row[] {
  const spread = { low: ratio - 0.01, median: ratio, high: ratio + 0.01 };
  const wall = { value: spread, floor: spread, ratio: spread, difference: spread };
  const place = { part: "ports", at, role: "producer", contestant: "ours" };
  return COMMANDS.map((command) => ({ ...place, command, figures: { wall }, ...others }));
}

/** The lines of a chart that say something of the rows. */
function told(rows: readonly Row[]): string[] {
  return chartsOf(rows, "ports").filter((line) => /^(\w+: | {2}(x-axis|y-axis|line))/.test(line))
    .filter((line) => !line.startsWith("config"));
}

Deno.test("chartsOf() draws a line for each command, from the floor to the largest", () => {
  assertEquals(told([...rowsAt(0, 1.1), ...rowsAt(1000, 1.17)]), [
    "producer: ADD blue, CHECK green, DEL orange",
    '  x-axis "ports" ["0", "1,000"]',
    '  y-axis "wall time / floor" 1.00 --> 1.20',
    ...COMMANDS.map(() => "  line [1.100, 1.170]"),
  ]);
});

Deno.test("chartsOf() goes below the floor only where something is", () => {
  assertEquals(told(rowsAt(0, 0.94))[2], '  y-axis "wall time / floor" 0.90 --> 1.00');
  assertEquals(told(rowsAt(0, 1))[2], '  y-axis "wall time / floor" 1.00 --> 1.05');
});

Deno.test("chartsOf() leaves out who was not measured everywhere", () => {
  const peer = { contestant: "peer" };
  const rows = [...rowsAt(0, 1.1), ...rowsAt(0, 2, peer), ...rowsAt(9, 1.1)];
  assertEquals(told(rows)[0], "producer: ADD blue, CHECK green, DEL orange");
  assertEquals(
    told([...rows, ...rowsAt(9, 2, peer)])[0],
    "producer: ADD blue, CHECK green, DEL orange, " +
      "ADD of peer violet, CHECK of peer grey, DEL of peer red",
  );
});

Deno.test("chartsOf() draws one chart for each role, and none of nothing", () => {
  const rows = [...rowsAt(0, 1.1), ...rowsAt(0, 1.2, { role: "consumer" })];
  assertEquals(chartsOf(rows, "ports").filter((line) => line === "```mermaid").length, 2);
  assertEquals(chartsOf([], "ports"), []);
});
