/**
 * OVSDB values as they stand on the wire: atoms, sets and maps.
 *
 * Source: RFC 7047 section 5.1.
 *
 * @module
 */

import { ProtocolError } from "./error.ts";

/**
 * A single scalar value. `["uuid", "550e8400-…"]` refers to a row, `["named-uuid", "m0"]` to one
 * inserted in the same transaction.
 */
export type Atom = string | number | boolean | readonly [tag: "uuid" | "named-uuid", id: string];

/**
 * A column's value in one row: an atom, a set of distinct atoms, or a map. A set of exactly
 * one may come as the bare atom.
 */
export type Value =
  | Atom
  | readonly ["set", readonly Atom[]]
  | readonly ["map", readonly (readonly [Atom, Atom])[]];

/** Column names to values; only the selected columns are present. */
export type Row = Readonly<Record<string, Value>>;

/** The empty set, which is also how an absent optional value is written. */
export const EMPTY: Value = ["set", []];

/**
 * Writes row identifiers as a set of references.
 *
 * @param ids Row identifiers, without the `"uuid"` tag.
 * @returns The set on the wire.
 */
export function uuidSet(ids: Iterable<string>): Value {
  return ["set", Array.from(ids, (id): Atom => ["uuid", id])];
}

/**
 * Writes a record as a map of strings.
 *
 * @param entries Keys and values.
 * @returns The map on the wire.
 */
export function stringMap(entries: Readonly<Record<string, string>>): Value {
  return ["map", Object.entries(entries)];
}

/**
 * Reads the atoms of a value: none, one (bare or not) or several.
 *
 * @param value A column's value.
 * @returns The atoms, in the order received.
 * @throws {ProtocolError} The value is absent or a map.
 */
export function atoms(value: unknown): Atom[] {
  if (Array.isArray(value) && value[0] === "set" && Array.isArray(value[1])) {
    return value[1];
  }
  if (typeof value === "object" && !isReference(value) || value === undefined) {
    throw new ProtocolError("a column does not hold an atom or a set of atoms");
  }
  return [value as Atom];
}

/**
 * Reads references to rows.
 *
 * @param value A column's value: one reference, or a set of them.
 * @returns Row identifiers, without the `"uuid"` tag.
 * @throws {ProtocolError} Something else is in there.
 */
export function uuids(value: unknown): string[] {
  return atoms(value).map((atom) => {
    if (isReference(atom)) return atom[1];
    throw new ProtocolError("a column does not hold references to rows");
  });
}

/**
 * Reads exactly one reference to a row, such as `_uuid`.
 *
 * @param value A column's value.
 * @returns The row identifier, without the `"uuid"` tag.
 * @throws {ProtocolError} There is none, or more than one.
 */
export function uuid(value: unknown): string {
  const [id, ...more] = uuids(value);
  if (id === undefined || more.length > 0) {
    throw new ProtocolError("a column does not hold one reference to a row");
  }
  return id;
}

/**
 * Reads one string.
 *
 * @param value A column's value.
 * @returns The string.
 * @throws {ProtocolError} It is not a string.
 */
export function readString(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ProtocolError("a column does not hold a string");
}

/**
 * Reads a map of strings, such as `external_ids`.
 *
 * @param value A column's value.
 * @returns Keys and values.
 * @throws {ProtocolError} It is not a map, or holds something else than strings.
 */
export function readStringMap(value: unknown): Map<string, string> {
  if (!Array.isArray(value) || value[0] !== "map" || !Array.isArray(value[1])) {
    throw new ProtocolError("a column does not hold a map");
  }
  return new Map(value[1].map((pair) => [readString(pair?.[0]), readString(pair?.[1])]));
}

function isReference(value: unknown): value is readonly ["uuid", string] {
  return Array.isArray(value) && value.length === 2 && value[0] === "uuid" &&
    typeof value[1] === "string";
}
