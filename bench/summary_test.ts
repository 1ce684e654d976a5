import { assertEquals } from "@std/assert";
import { growth, summarise } from "./summary.ts";
import type { Cell } from "./trial.ts";

function cell(at: number, add: number[], others: Partial<Cell> = {}): Cell {
  const wall = (values: number[]) => values.map((wall) => ({ wall }));
  const same = wall(add.map(() => 30));
  return {
    part: "ports",
    at,
    contestant: "ours",
    role: "producer",
    readings: { floor: wall(add.map(() => 20)), ADD: wall(add), CHECK: same, DEL: same },
    ...others,
  };
}

Deno.test("summarise() compares each command with the floor", () => {
  const { rows, failures } = summarise([cell(0, [22, 24, 26])]);
  assertEquals(failures, []);
  assertEquals(rows.map(({ command }) => command), ["ADD", "CHECK", "DEL"]);
  assertEquals(rows[0]!.figures.wall!.value, { low: 23, median: 24, high: 25 });
  assertEquals(rows[0]!.figures.wall!.ratio!.median, 1.2);
  assertEquals(rows[0]!.figures.wall!.difference.median, 4);
});

Deno.test("summarise() gives no quotient of what the floor does not do", () => {
  const readings = { floor: [{ requests: 0 }], ADD: [{ requests: 2 }], CHECK: [], DEL: [] };
  const calls = { ...readings, CHECK: readings.ADD, DEL: readings.ADD };
  const [row] = summarise([cell(0, [], { readings: calls })]).rows;
  assertEquals(row!.figures.requests!.ratio, undefined);
  assertEquals(row!.figures.requests!.difference.median, 2);
});

Deno.test("summarise() makes no figures of a cell that failed", () => {
  const { rows, failures } = summarise([cell(0, [22], { failure: "ADD ended with status 1" })]);
  assertEquals(rows, []);
  assertEquals(failures, [{
    part: "ports",
    at: 0,
    contestant: "ours",
    role: "producer",
    reason: "ADD ended with status 1",
  }]);
});

Deno.test("growth() compares the largest with the smallest, round by round", () => {
  const [add, check] = growth([cell(0, [20, 40]), cell(100, [99, 99]), cell(9, [22, 44])], "wall");
  assertEquals([add!.from, add!.at, add!.ratio.median], [0, 100, 99 / 20 / 2 + 99 / 40 / 2]);
  assertEquals(check!.ratio.median, 1);
});

Deno.test("growth() says nothing where one of the two failed, or where there is only one", () => {
  assertEquals(growth([cell(0, [20]), cell(9, [20], { failure: "no" })], "wall"), []);
  assertEquals(growth([cell(0, [20])], "wall"), []);
});
