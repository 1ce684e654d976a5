import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "../input/files.ts";
import { ShapeError } from "../input/shape.ts";
import { parsePolicy } from "./policy.ts";

Deno.test("parsePolicy() takes a policy that says each thing once", () => {
  const parse = (text: string) => parsePolicy("/policy.json", new TextEncoder().encode(text));
  const policy = { consumers: [{ mirrors: ["m:1"], all: true }, { mirrors: ["m2"] }] };
  assertEquals(parse(` ${JSON.stringify(policy, null, 2)}\n`), policy);
  assertThrows(() => parse('{"consumer": []}'), ShapeError, "/policy.json is not valid");
  const twice = [
    '{"consumers": [], "consumers": [{}]}',
    '{"consumers": [{"all": true, "all": true}]}',
  ];
  for (const text of [...twice, '{"consumers": [{"mirrors": ["m\\u003a1"]}]}']) {
    assertThrows(() => parse(text), FileError, "has a member twice");
  }
});
