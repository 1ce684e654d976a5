import { assertEquals } from "@std/assert";
import { readJson } from "./json.ts";
import { LineMap } from "./line_map.ts";
import { lineOf, member, plain, stringAt } from "./tree.ts";

const TEXT = `{
  "a": { "b": [1,
    { "c": "x" }] },
  "a2": "", "n": 1,
  "d": 1,
  "d": 2,
  "__proto__": { "e": "y" }
}`;
const tree = readJson(TEXT, LineMap.ofFile(TEXT));

Deno.test("plain() gives what JSON.parse() gives", () => {
  assertEquals(plain(tree), JSON.parse(TEXT));
});

Deno.test("member() takes the last one of a name, as JSON.parse() does", () => {
  assertEquals(member(tree, "d")?.line, 6);
});

Deno.test("member() finds nothing within what is no table", () => {
  assertEquals(member(tree, "a2", "b"), undefined);
  assertEquals(member(undefined, "a"), undefined);
});

Deno.test("stringAt() takes texts that are not empty", () => {
  assertEquals(stringAt(tree, "__proto__", "e"), "y");
  assertEquals([stringAt(tree, "a2"), stringAt(tree, "n"), stringAt(tree, "a")], [
    undefined,
    undefined,
    undefined,
  ]);
});

const LINES: [path: (string | number)[], line: number][] = [
  [[], 1],
  [["a"], 2],
  [["a", "b", 0], 2],
  [["a", "b", 1], 3],
  [["a", "b", 1, "c"], 3],
  [["a", "b", 9], 2],
  [["a", "x", "y"], 2],
  [["n"], 4],
];

for (const [path, line] of LINES) {
  Deno.test(`lineOf() finds ${JSON.stringify(path)} in line ${line}`, () => {
    assertEquals(lineOf(tree, path), line);
  });
}
