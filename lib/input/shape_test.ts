import { assertEquals } from "@std/assert";
import {
  isNullishBoolean,
  isNullishString,
  isObject,
  isOptionalString,
  isPrintable,
  quote,
  ShapeError,
} from "./shape.ts";

Deno.test("isObject() tells objects from other values", () => {
  assertEquals([{}, { a: 1 }, Object.create(null)].map(isObject), [true, true, true]);
  for (const value of [null, undefined, [], "a", 1, true]) assertEquals(isObject(value), false);
});

Deno.test("isPrintable() takes text that can stand in the database and in messages", () => {
  for (const text of ["", "br1", "mirör €", "\u{1f600}", "~", "\u00a0"]) {
    assertEquals(isPrintable(text), true, JSON.stringify(text));
  }
  for (const text of ["\0", "a\n", "\x1b[31m", "\x7f", "\x9f", "\ud800", "\udc00a"]) {
    assertEquals(isPrintable(text), false, JSON.stringify(text));
  }
});

Deno.test("isOptionalString() takes a string and nothing else", () => {
  assertEquals(["", "a", undefined].map(isOptionalString), [true, true, true]);
  assertEquals([null, 1, [], {}, false].some(isOptionalString), false);
});

Deno.test("isNullishBoolean() takes true, false and null and nothing else", () => {
  assertEquals([true, false, null, undefined].every(isNullishBoolean), true);
  assertEquals([1, 0, "true", {}].some(isNullishBoolean), false);
});

Deno.test("isNullishString() takes strings and null and nothing else", () => {
  assertEquals(["", "a", null, undefined].every(isNullishString), true);
  assertEquals([1, 0, true, {}].some(isNullishString), false);
});

Deno.test("quote() cuts what is long, where it is told", () => {
  assertEquals(quote("a".repeat(61)), `"${"a".repeat(60)}…"`);
  assertEquals(quote("a\nb", 2), '"a\\n…"');
});

Deno.test("ShapeError() calls a value by its kind unless told otherwise", () => {
  assertEquals(new ShapeError("prevResult", 1).message, "prevResult is not valid");
  assertEquals(new ShapeError("prevResult", 1, "it").message, "it is not valid");
});

Deno.test("quote() shortens what is long", () => {
  assertEquals(quote('a"b\n\x9b\u202e鏡'), '"a\\"b\\n\\u009b\\u202e鏡"');
  assertEquals(quote("x".repeat(100)), `"${"x".repeat(60)}…"`);
});
