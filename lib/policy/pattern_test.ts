import { assert, assertEquals } from "@std/assert";
import { fits } from "./pattern.ts";

Deno.test("fits() takes * for any run of characters, and everything else as it is", () => {
  const cases: [pattern: string, yes: string[], no: string[]][] = [
    ["", [""], ["a"]],
    ["a", ["a"], ["", "A", "aa", "*"]],
    ["*", ["", "a", "a/b", "..", "\n", "*"], []],
    ["**", ["", "a"], []],
    ["a*", ["a", "ab"], ["", "ba"]],
    ["*a", ["a", "ba"], ["", "ab"]],
    ["a*a", ["aa", "aba", "aXa"], ["a", "ab"]],
    ["a*b*c", ["abc", "aXbYc", "abbc"], ["acb", "ac", "abX"]],
    ["*ab*ab*", ["abab", "XabYabZ"], ["aba", "ab"]],
    ["*ab*b", ["abb", "abXb"], ["ab", "aab"]],
    ["*aab", ["aaab", "aab"], ["aaba"]],
    ["a.c", ["a.c"], ["abc"]],
    ["[a-z]?\\*", ["[a-z]?\\", "[a-z]?\\x"], ["b"]],
    ["team-*-prod", ["team-a-prod", "team--prod"], ["team-prod", "team-a-production"]],
  ];
  for (const [pattern, yes, no] of cases) {
    for (const name of yes) assert(fits(pattern, name), `${pattern} ${name}`);
    for (const name of no) assert(!fits(pattern, name), `${pattern} ${name}`);
  }
});

Deno.test("fits() does not get slow: what makes a search that goes back run for ages", () => {
  const name = "a".repeat(1024);
  const pattern = "*a".repeat(511) + "*b";
  assertEquals(Array.from({ length: 1000 }, () => fits(pattern, name)).some(Boolean), false);
  assertEquals(fits("*a".repeat(511) + "*", name), true);
});
