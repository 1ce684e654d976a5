import { assertEquals } from "@std/assert";
import type { Spread } from "./statistics.ts";
import type { Figure } from "./summary.ts";
import { around, markdown, tableOf } from "./tables.ts";

function just(median: number): Spread {
  return { low: median, median, high: median };
}

function figure(value: number, floor: number): Figure {
  const ratio = floor > 0 ? just(value / floor) : undefined;
  return { value: just(value), floor: just(floor), ratio, difference: just(value - floor) };
}

const ROW = { part: "p", at: 10_000, contestant: "ours", role: "producer", command: "ADD" };

Deno.test("around() shows quartiles only where they differ", () => {
  assertEquals(around({ low: 1.041, median: 1.05, high: 1.062 }, 2), "1.05 (1.04–1.06)");
  assertEquals(around(just(1234), 0), "1,234");
});

Deno.test("markdown() aligns columns", () => {
  assertEquals(markdown([["a", "bb"], ["ccc", "d"]]), [
    "| a   | bb |",
    "| --- | -- |",
    "| ccc | d  |",
  ]);
});

Deno.test("tableOf() sets times beside the floor", () => {
  const figures = { wall: figure(22, 20), cpu: figure(33, 30) };
  const [head, , row] = tableOf([{ ...ROW, figures }], "ports");
  assertEquals(cells(head!).slice(4), ["wall, ms", "floor, ms", "wall / floor", "CPU / floor"]);
  assertEquals(cells(row!), [
    "10,000",
    "producer",
    "ADD",
    "ours",
    "22.0",
    "20.0",
    "1.100",
    "1.100",
  ]);
});

Deno.test("tableOf() leaves out a floor that does nothing", () => {
  const traffic = tableOf([{ ...ROW, figures: { requests: figure(2, 0) } }], "ports");
  assertEquals(cells(traffic[0]!).slice(4), ["requests"]);
  const memory = tableOf([{ ...ROW, figures: { peak: figure(58, 56) } }], "ports");
  assertEquals(cells(memory[0]!).slice(4), ["peak", "above the floor"]);
  assertEquals(cells(memory[2]!).slice(4), ["58.0", "2.0"]);
});

Deno.test("tableOf() of nothing says so", () => {
  assertEquals(tableOf([], "ports"), ["nothing to compare"]);
});

function cells(line: string): string[] {
  return line.slice(2, -2).split("|").map((cell) => cell.trim());
}
