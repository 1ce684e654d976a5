import { assertEquals } from "@std/assert";
import { timeout } from "./main.ts";

Deno.test("timeout() takes seconds up to an hour, and otherwise 30", () => {
  const meant = { "30": 30, "0.25": 0.25, " 5 ": 5, "1e3": 1000, "3600": 3600 };
  const meaningless = ["", " ", "abc", "0", "-1", "1e99", "NaN", "Infinity", "3600.1", "5s"];
  for (const [text, seconds] of Object.entries(meant)) assertEquals(timeout(text), seconds);
  for (const text of [undefined, ...meaningless]) assertEquals(timeout(text), 30, text);
});
