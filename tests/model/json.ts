/**
 * Generated JSON: any value, and values that come near to what is expected.
 *
 * @module
 */

import * as fc from "fast-check";

/**
 * Keys that programs trip over, and characters that parsers do. No backslash: `JSON.parse` of V8
 * 14.7 and 15.0 takes the key `"` for the key `\`, once it has seen that in a like object.
 */
const key: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 6 }).map((name) => name.replaceAll("\\", "")),
  fc.constantFrom("__proto__", "constructor", "toString", "length", "0", "", '"', "{", "}"),
);

/** Text of any characters, well-formed or not. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("", "null", "__proto__", '"', '\\"', "{", "}", "\u0000", "\ud800"),
);

/** Objects that look like others: with a length, or that can't be made a text. */
const disguised: fc.Arbitrary<unknown> = fc.constantFrom(
  { length: 1 },
  { length: { toString: 0 } },
  { toString: null, valueOf: 0 },
  { then: "" },
);

/** Any JSON value, as `JSON.parse` returns it. */
export const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  leaf: fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    disguised,
  ),
  list: fc.array(tie("value"), { maxLength: 3 }),
  object: record(tie("value")),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: tie("leaf") },
    tie("list"),
    tie("object"),
  ),
})).value.map(asParsed);

/** Any JSON object, as `JSON.parse` returns it. */
export const jsonObject: fc.Arbitrary<Record<string, unknown>> = record(json);

/** An object whose members, also one named `__proto__`, are its own, as after `JSON.parse`. */
export function record(value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) =>
    Object.fromEntries(entries)
  );
}

/**
 * Objects that have the expected members, or have them missing or with another value, and members
 * that nobody expects.
 *
 * @param members What generates the expected value of each member.
 */
export function nearMiss(
  members: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(members).map(([name, expected]) =>
    fc.oneof(
      { weight: 6, arbitrary: expected.map((value) => [[name, value]]) },
      { weight: 1, arbitrary: json.map((value) => [[name, value]]) },
      { weight: 1, arbitrary: fc.constant([]) },
    )
  );
  return fc.tuple(record(json), ...values).map(([others, ...known]) =>
    Object.fromEntries([...Object.entries(others), ...known.flat()])
  );
}

/**
 * A value that is nested deeply, and in a way that `JSON.stringify` can't write it.
 *
 * @param depth How many objects are inside each other.
 */
export function nested(depth: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level++) value = { 0: value };
  return value;
}

/** Returns a value as it comes back from JSON, such as 0 for -0. */
function asParsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
