import { assertEquals } from "@std/assert";
import { isIdentifier } from "./environment.ts";

Deno.test("isIdentifier() takes a letter or digit, then also some punctuation", () => {
  for (const text of ["a", "0", "Z", "a_b.c-D", "0..", "x".repeat(1000)]) {
    assertEquals(isIdentifier(text), true, text);
  }
  for (const text of ["", ".", "..", "-a", "_a", "a/b", "../a", "a b", "ä", "a\n", "a\0"]) {
    assertEquals(isIdentifier(text), false, JSON.stringify(text));
  }
});
