import { assert, assertEquals } from "@std/assert";
import { draw, ticksFor } from "./chart.ts";

function point(median: number) {
  return { low: median - 0.01, median, high: median + 0.01 };
}

Deno.test("ticksFor() reaches from the floor to the largest", () => {
  assertEquals(ticksFor([point(1.1), point(1.17)]), [1, 1.05, 1.1, 1.15, 1.2]);
  assertEquals(ticksFor([]), [1, 1.05]);
});

Deno.test("ticksFor() goes below the floor only where something is", () => {
  assertEquals(ticksFor([point(0.94)]), [0.9, 0.95, 1, 1.05]);
});

Deno.test("ticksFor() stays readable, however far it reaches", () => {
  for (const most of [1.2, 1.7, 3, 9, 40, 700, 12345]) {
    const ticks = ticksFor([point(most)]);
    assert(ticks.length <= 7, `${most}: ${ticks}`);
    assert(ticks.at(-1)! >= most, `${most}: ${ticks}`);
  }
});

Deno.test("draw() leaves out what was not measured", () => {
  const lines = [{ label: "ADD", kind: "add", points: [point(1.1), undefined, point(1.2)] }];
  const chart = draw({ title: "t", varied: "ports", values: [0, 10, 1000], lines });
  assertEquals(chart.match(/<circle/g)?.length, 2);
  for (const label of [">0<", ">10<", ">1,000<", ">ADD<", ">t<"]) assert(chart.includes(label));
  assert(!/NaN|undefined|Infinity/.test(chart));
});
