import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { json, text } from "../../tests/model/json.ts";
import { testProperties } from "../../tests/model/property.ts";
import { readJson } from "./json.ts";
import { LineMap } from "./line_map.ts";
import { MAX_DEPTH, SyntaxFault } from "./syntax_fault.ts";
import { plain } from "./tree.ts";

function read(text: string): unknown {
  return plain(readJson(text, LineMap.ofFile(text)));
}

const FAULTS: [text: string, line: number, message: string, hint: string][] = [
  ['{\n "a": 1,\n}', 2, 'there is a comma before "}"', "remove the comma"],
  ["[1,\n\n]", 1, 'there is a comma before "]"', "remove the comma"],
  [
    '{ "a": 1\n  "b": 2 }',
    1,
    'there is "\\"" where "," or "}" is expected',
    "is a comma missing?",
  ],
  [
    "{\n  // x\n}",
    2,
    'there is "//" where a name in double quotes is expected',
    "JSON has no comments",
  ],
  ["[\n# x\n]", 2, 'there is "#" where a JSON value is expected', "JSON has no comments"],
  [
    "{\n'a': 1 }",
    2,
    'there is "\'" where a name in double quotes is expected',
    "JSON takes double quotes only",
  ],
  [
    "{ a: 1 }",
    1,
    'there is "a" where a name in double quotes is expected',
    "put it in double quotes",
  ],
  [
    '{ "a" 1 }',
    1,
    'there is "1" where ":" behind "a" is expected',
    "is a comma, a quote or a bracket missing?",
  ],
  [
    '{\n "a": True }',
    2,
    'there is "True" where a JSON value is expected',
    "write true, false or null",
  ],
  ['{ "a": br1 }', 1, 'there is "br1" where a JSON value is expected', "put it in double quotes"],
  [
    '{ "a": 01 }',
    1,
    'there is "01" where a JSON value is expected',
    "is a comma, a quote or a bracket missing?",
  ],
  ['{\n"a": "b\n}', 2, "a text is not closed on its line", 'add the missing "'],
  ['["a\\', 1, "a text is not closed on its line", 'add the missing "'],
  [
    '{ "a": [1, 2\n\n',
    1,
    'the JSON ends where "," or "]" is expected',
    "is a comma, a quote or a bracket missing?",
  ],
  ["{}\n{}", 2, "there is text behind the JSON value", "remove it"],
  ["", 1, "the JSON ends too early", "are all braces, brackets and quotes closed?"],
];

for (const [text, line, message, hint] of FAULTS) {
  Deno.test(`readJson() refuses ${JSON.stringify(text)}`, () => {
    const fault = assertThrows(() => read(text), SyntaxFault);
    assertEquals([fault.line, fault.message, fault.hint], [line, message, hint]);
  });
}

Deno.test("readJson() refuses escapes and characters that JSON lacks", () => {
  for (const text of ['"\\x"', '"\\u12"', '"\t"']) {
    assertEquals(assertThrows(() => read(text), SyntaxFault).line, 1);
  }
});

Deno.test("readJson() refuses what is nested too deeply, and not before", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  read(nested(MAX_DEPTH));
  assertThrows(() => read(nested(MAX_DEPTH + 1)), SyntaxFault, "nested too deeply");
  assertThrows(() => read("[".repeat(1_000_000)), SyntaxFault, "nested too deeply");
});

/** JSON in which a few characters were changed, which mostly is no JSON any more. */
const nearJson = fc.tuple(json, fc.array(fc.tuple(fc.nat(), text), { maxLength: 2 })).map(
  ([value, edits]) =>
    edits.reduce((text, [at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + 1);
    }, JSON.stringify(value, null, 1)),
);

testProperties([{
  name: "readJson() takes what JSON.parse() takes, and for the same",
  property: fc.property(nearJson, (text) => {
    let expected: unknown;
    try {
      expected = JSON.parse(text);
    } catch {
      assertThrows(() => read(text), SyntaxFault);
      return;
    }
    assertEquals(read(text), expected);
  }),
}]);
