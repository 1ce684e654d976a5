import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Part } from "./parts.ts";
import { Report } from "./report.ts";
import type { Cell } from "./trial.ts";

/** What a report is told of a part. */
function part(name: string): Part {
  return { name, title: `Time by ${name}`, varied: "calls at once", rounds: 3 } as Part;
}

/** A part's readings: calls take 24 ms, the floor about 20. */
function cell(part: string, floor: number[]): Cell {
  const wall = (values: number[]) => values.map((wall) => ({ wall, cpu: wall }));
  const calls = wall(floor.map(() => 24));
  const readings = { floor: wall(floor), ADD: calls, CHECK: calls, DEL: calls };
  return { part, at: 1, contestant: "ours", role: "producer", readings };
}

Deno.test("quiet() leaves out what was measured in noise, and says so", () => {
  const report = new Report({} as ConstructorParameters<typeof Report>[0], ["a: missing"]);
  report.add(part("ports"), [cell("ports", [19, 20, 21])]);
  report.add(part("mirrors"), [cell("mirrors", [10, 20, 30])]);
  const text = report.quiet().text();
  assertStringIncludes(text, "## Time by ports");
  assertEquals(text.includes("Time by mirrors"), false);
  assertStringIncludes(text, "- left out: a: missing\n- left out: mirrors: the floor's quartiles");
  assertStringIncludes(report.text(), "Time by mirrors");
});
