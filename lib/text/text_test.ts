import { assertEquals } from "@std/assert";
import { cut, width } from "./text.ts";

Deno.test("width() counts the columns of a terminal", () => {
  const cases: [string, number][] = [["", 0], ["abc", 3], ["é", 1], ["e\u0301", 1], ["鏡像", 4], [
    "🙂",
    2,
  ]];
  for (const [text, columns] of cases) assertEquals(width(text), columns);
});

Deno.test("cut() makes pieces that fit", () => {
  assertEquals(cut("abcdefg", 3), ["abc", "def", "g"]);
  assertEquals(cut("鏡像a", 3), ["鏡", "像a"]);
  assertEquals(cut("", 3), [""]);
});
