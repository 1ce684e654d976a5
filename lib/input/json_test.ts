import { assertEquals, assertThrows } from "@std/assert";
import { parseJson } from "./json.ts";

const NUMBERS = ["9007199254740993", "1e400", "-1E-7", "1.0", "-0", "0.1", "100", "-5", "1e2"];

Deno.test("parseJson() keeps numbers digit by digit", () => {
  for (const number of NUMBERS) {
    const text = `{"a":[${number}],"b":{"c":${number}}}`;
    assertEquals(JSON.stringify(parseJson(text)), text);
    for (
      const spaced of [number, ` ${number}`, `[ ${number}]`, `[1,${number}]`, `[1,\n${number}]`]
    ) {
      assertEquals(JSON.stringify(parseJson(spaced)), spaced.replace(/\s/g, ""));
    }
  }
});

Deno.test("parseJson() gives numbers that stay as they are as numbers", () => {
  assertEquals(parseJson('{"a":9007199254740991,"b":0.5,"c":"1e400"}'), {
    a: 9007199254740991,
    b: 0.5,
    c: "1e400",
  });
});

Deno.test("parseJson() refuses what is not JSON", () => {
  for (const text of ["", "{", "1e", '{"a":1.}']) assertThrows(() => parseJson(text), SyntaxError);
});

Deno.test("parseJson() reads what is nested too deeply to keep digits", () => {
  const text = `[1.0,${"[".repeat(50_000)}${"]".repeat(50_000)}]`;
  assertEquals(Array.isArray(parseJson(text)), true);
});
