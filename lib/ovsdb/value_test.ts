import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "./error.ts";
import {
  atoms,
  EMPTY,
  readString,
  readStringMap,
  stringMap,
  uuid,
  uuids,
  uuidSet,
} from "./value.ts";

const A = "8a9d7e0c-33c7-4f6f-9f6b-6d0b0a3c2f01";
const B = "8a9d7e0c-33c7-4f6f-9f6b-6d0b0a3c2f02";

/** Values that no column of Open vSwitch's schema holds. */
const MALFORMED = [undefined, null, {}, [], ["set"], ["set", "a"], ["map", []], ["uuid", 1]];

Deno.test("uuidSet() writes a set of references", () => {
  assertEquals(uuidSet([A, B]), ["set", [["uuid", A], ["uuid", B]]]);
  assertEquals(uuidSet([]), EMPTY);
});

Deno.test("stringMap() writes a map of strings", () => {
  assertEquals(stringMap({ owner: "me", "": "x" }), ["map", [["owner", "me"], ["", "x"]]]);
  assertEquals(stringMap({}), ["map", []]);
});

Deno.test("atoms() reads none, one and several", () => {
  assertEquals(atoms(EMPTY), []);
  assertEquals(atoms(["set", [1, 2]]), [1, 2]);
  for (const bare of ["a", "", 0, 1, true, false, ["uuid", A]]) assertEquals(atoms(bare), [bare]);
});

Deno.test("atoms() refuses what is neither an atom nor a set", () => {
  for (const value of MALFORMED) assertThrows(() => atoms(value), ProtocolError, "set of atoms");
});

Deno.test("uuids() reads none, a bare reference and several", () => {
  assertEquals(uuids(EMPTY), []);
  assertEquals(uuids(["uuid", A]), [A]);
  assertEquals(uuids(["set", [["uuid", A]]]), [A]);
  assertEquals(uuids(["set", [["uuid", A], ["uuid", B]]]), [A, B]);
});

Deno.test("uuids() refuses what is not a reference", () => {
  const wrong = ["a", 1, true, ["set", ["a"]], ["set", [null]], ["set", [["named-uuid", "a"]]]];
  for (const value of [...MALFORMED, ...wrong]) assertThrows(() => uuids(value), ProtocolError);
});

Deno.test("uuid() reads exactly one reference", () => {
  assertEquals(uuid(["uuid", A]), A);
  assertEquals(uuid(["set", [["uuid", A]]]), A);
  for (const value of [EMPTY, uuidSet([A, B])]) {
    assertThrows(() => uuid(value), ProtocolError, "one reference");
  }
});

Deno.test("readString() reads one string", () => {
  assertEquals(readString(""), "");
  assertEquals(readString("br1"), "br1");
  for (const value of [...MALFORMED, 1, true, ["set", ["a"]]]) {
    assertThrows(() => readString(value), ProtocolError, "string");
  }
});

Deno.test("readStringMap() reads a map", () => {
  assertEquals(readStringMap(["map", []]), new Map());
  assertEquals(readStringMap(["map", [["a", "b"], ["c", ""]]]), new Map([["a", "b"], ["c", ""]]));
});

Deno.test("readStringMap() keeps a key named __proto__", () => {
  assertEquals(readStringMap(["map", [["__proto__", "x"]]]).get("__proto__"), "x");
});

Deno.test("readStringMap() refuses what is not a map of strings", () => {
  const pairs = [["map", [["a"]]], ["map", [["a", 1]]], ["map", [null]], ["map", [[
    ["uuid", A],
    "",
  ]]]];
  for (const value of [undefined, null, {}, "map", EMPTY, ["map"], ["map", {}], ...pairs]) {
    assertThrows(() => readStringMap(value), ProtocolError);
  }
});
