import { assertEquals } from "@std/assert";
import { LineMap } from "./line_map.ts";

Deno.test("LineMap finds the lines of a file", () => {
  const text = "a\nbc\n\nd";
  const map = LineMap.ofFile(text);
  assertEquals(Array.from(text, (_, offset) => map.at(offset)), [1, 1, 2, 2, 2, 3, 4]);
  assertEquals(map.at(text.length), 4);
});

Deno.test("LineMap finds lines that were left out in between", () => {
  const map = new LineMap();
  map.add(0, 7);
  map.add(3, 10);
  map.add(3, 11);
  assertEquals([0, 2, 3, 100].map((offset) => map.at(offset)), [7, 7, 11, 11]);
});

Deno.test("LineMap knows a text of one line", () => {
  assertEquals([0, 99].map((offset) => LineMap.ofLine(5).at(offset)), [5, 5]);
});
