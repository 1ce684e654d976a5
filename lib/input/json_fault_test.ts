import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { findFault as findFaultIn } from "./json_fault.ts";

function findFault(text: string): string {
  return findFaultIn(new TextEncoder().encode(text));
}

Deno.test("findFault() tells what is wrong, and where", () => {
  const cases: [string, string][] = [
    ["", "it ends too early"],
    ['{"a": ', "it ends too early"],
    [" [1, 2", "it ends too early"],
    ["\ufeff{}", "a byte order mark at line 1, column 1"],
    ['{\n  // SECRET\n  "a": 1\n}', "a comment at line 2, column 3"],
    ['{"a": 1 /* SECRET */}', "a comment at line 1, column 9"],
    ["{}\n# SECRET", "a comment at line 2, column 1"],
    ['{"a": [1, 2,\n]}', "a comma too many at line 1, column 12"],
    ['{\n"a": 1,\n}', "a comma too many at line 2, column 7"],
    ['{"a" 1}', "a fault at line 1, column 6"],
    ['{"a": 01}', "a fault at line 1, column 8"],
    ["{'a': 1}", "a fault at line 1, column 2"],
    ['{"a": tru}', "a fault at line 1, column 7"],
    ['{"a": "\t"}', "a fault at line 1, column 7"],
    ["[1 2]", "a fault at line 1, column 4"],
    ['["a": 1]', "a fault at line 1, column 5"],
    ["[1}", "a fault at line 1, column 3"],
    ["]", "a fault at line 1, column 1"],
    ["[,]", "a fault at line 1, column 2"],
    ['{"a": 1,, "b": 2}', "a fault at line 1, column 9"],
    ['{"a": }', "a fault at line 1, column 7"],
    ["{} {}", "a fault at line 1, column 4"],
    ["{1: 2}", "a fault at line 1, column 2"],
  ];
  for (const [text, fault] of cases) assertEquals(findFault(text), fault, text);
});

Deno.test("findFault() finds one where a piece of JSON was cut off or put in", () => {
  const property = fc.property(
    fc.json(),
    fc.nat(),
    fc.constantFrom("", "/", ",", "}"),
    (text, at, more) => {
      const broken = text.slice(0, at % text.length) + more;
      try {
        JSON.parse(broken);
      } catch {
        assertMatch(findFault(broken), /^(it ends too early|a .* at line \d+, column \d+)$/);
      }
    },
  );
  fc.assert(property);
});

Deno.test("findFault() tells of bytes that are no text", () => {
  assertEquals(findFaultIn(Uint8Array.of(0x22, 0xff, 0x22)), "it is not in UTF-8");
});
