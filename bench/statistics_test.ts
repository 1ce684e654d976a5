import { assertEquals, assertThrows } from "@std/assert";
import { differences, ratios, spread } from "./statistics.ts";

Deno.test("spread() takes quartiles, whatever the order", () => {
  assertEquals(spread([5, 1, 3, 2, 4]), { low: 2, median: 3, high: 4 });
});

Deno.test("spread() interpolates between neighbours", () => {
  assertEquals(spread([1, 2, 3, 4]), { low: 1.75, median: 2.5, high: 3.25 });
});

Deno.test("spread() of one value is that value", () => {
  assertEquals(spread([7]), { low: 7, median: 7, high: 7 });
});

Deno.test("spread() is not moved by one value that is far off", () => {
  assertEquals(spread([10, 10, 10, 10, 9000]), { low: 10, median: 10, high: 10 });
});

Deno.test("spread() refuses to make something of nothing", () => {
  assertThrows(() => spread([]), RangeError, "no values");
});

Deno.test("ratios() and differences() go pair by pair", () => {
  assertEquals(ratios([4, 9], [2, 3]), [2, 3]);
  assertEquals(differences([4, 9], [2, 3]), [2, 6]);
});

Deno.test("ratios() refuses values without a partner", () => {
  assertThrows(() => ratios([1, 2], [1]), RangeError, "2 values cannot be paired with 1");
});
