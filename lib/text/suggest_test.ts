import { assertEquals } from "@std/assert";
import { suggest } from "./suggest.ts";

const KNOWN = ["--bridge", "--mirror", "--format", "ingress", "egress"];

const CASES: [word: string, expected: string | undefined][] = [
  ["--bridg", "--bridge"],
  ["--brigde", "--bridge"],
  ["--mirrors", "--mirror"],
  ["--Format", "--format"],
  ["ingres", "ingress"],
  ["egres", "egress"],
  ["--nothing-like-it", undefined],
  ["x", undefined],
  ["", undefined],
];

for (const [word, expected] of CASES) {
  Deno.test(`suggest() takes ${JSON.stringify(word)} for ${expected}`, () => {
    assertEquals(suggest(word, KNOWN), expected);
  });
}

Deno.test("suggest() does not take one short word for another", () => {
  assertEquals(suggest("add", ["del", "get"]), undefined);
});

Deno.test("suggest() is not slow on a long word", () => {
  assertEquals(suggest("a".repeat(100_000), KNOWN), undefined);
});
