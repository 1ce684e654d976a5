import { assertEquals } from "@std/assert";
import { noiseOf } from "./quiet.ts";
import type { Row } from "./summary.ts";

/** A row of a floor of 40 ms with quartiles so far apart, and a call that takes longer by that. */
function row(apart: number, longer: number, others: Partial<Row> = {}): Row {
  const exactly = (median: number) => ({ low: median, median, high: median });
  const wall = {
    value: exactly(40 + longer),
    floor: { low: 40 - apart / 2, median: 40, high: 40 + apart / 2 },
    ratio: exactly((40 + longer) / 40),
    difference: exactly(longer),
  };
  const place = { part: "ports", at: 0, role: "producer", contestant: "ours", command: "ADD" };
  return { ...place, figures: { wall }, ...others };
}

Deno.test("noiseOf() finds nothing where a call stands out of the floor's noise", () => {
  assertEquals(noiseOf([row(2, 4)]), undefined);
});

Deno.test("noiseOf() tells of a floor whose quartiles are further apart than what is measured", () => {
  const noise =
    "the floor's quartiles are 15.0 % apart, and a call takes 10.0 % longer than the floor";
  assertEquals(noiseOf([row(6, 4)]), noise);
});

Deno.test("noiseOf() judges by the middle row", () => {
  assertEquals(noiseOf([row(2, 4), row(2, 4), row(20, 4)]), undefined);
  assertEquals(typeof noiseOf([row(2, 4), row(20, 4), row(20, 4)]), "string");
});

Deno.test("noiseOf() looks at no peer, and at nothing where the clock was not read", () => {
  assertEquals(noiseOf([row(2, 4), row(9, 4, { contestant: "peer" })]), undefined);
  assertEquals(noiseOf([row(9, 4, { figures: {} })]), undefined);
  assertEquals(noiseOf([]), undefined);
});
