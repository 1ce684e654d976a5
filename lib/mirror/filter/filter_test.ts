import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DOUBTFUL, INVALID, VALID } from "../../../tests/support/ovs/filters.ts";
import { parseFilter } from "./filter.ts";
import { Refusal } from "../refusal.ts";

function refusal(text: string): Refusal {
  const error = assertThrows(() => parseFilter(text), Refusal);
  assertEquals(error.reason, "invalid configuration");
  assert(error.hint !== "");
  return error;
}

Deno.test("parseFilter() returns a filter as it is", () => {
  for (const text of VALID) assertEquals(parseFilter(text), text);
});

Deno.test("parseFilter() names the part that is wrong", () => {
  for (const [text, ...words] of [...INVALID, ...DOUBTFUL]) {
    for (const word of words) assertStringIncludes(refusal(text).message, word);
  }
});

Deno.test("parseFilter() refuses what is too long, or no text of a filter", () => {
  assertEquals(parseFilter("tcp".padEnd(4096)).length, 4096);
  assertStringIncludes(refusal("tcp".padEnd(4097)).message, "longer than 4096 characters");
  for (const text of ['"tcp"', "'tcp'", "tcp\n", "tcp\0", "tcp\t", "tcp\x9b", "tcp\\", "\ud800"]) {
    assertStringIncludes(refusal(text).message, "characters that no filter may have");
  }
});

Deno.test("parseFilter() fails with refusals only, each of bounded length", () => {
  const words = VALID.flatMap((text) => text.split(/(?=[,=])|(?<=[,=])/));
  const piece = fc.oneof(fc.constantFrom(...words), fc.string());
  fc.assert(fc.property(fc.array(piece).map((pieces) => pieces.join("")), (text) => {
    try {
      assertEquals(parseFilter(text), text);
    } catch (error) {
      assert(error instanceof Refusal && error.message.length < 300, String(error));
    }
  }));
});
