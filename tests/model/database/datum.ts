/**
 * Values of columns, in a form that is easy to compare.
 *
 * @module
 */

import type { Atom, Value } from "../../../lib/ovsdb/value.ts";
import type { Column } from "./schema.ts";

/** An element of a set, or a key of a map. A reference is the identifier alone. */
export type Key = string | number | boolean;

/** The elements of a set, each with null, or the keys of a map with their values. */
export type Datum = ReadonlyMap<Key, string | null>;

/**
 * Reads a value from the wire.
 *
 * @param column What the column may hold.
 * @param names Identifiers of the rows that the transaction names.
 * @returns What the column is to hold.
 * @throws {TypeError} The column may not hold it.
 */
export function decode(
  value: Value,
  column: Column,
  names: ReadonlyMap<string, string>,
): Datum {
  if (Array.isArray(value) && value[0] === "map") {
    if (column.type !== "map") throw new TypeError("a map for a column that holds none");
    if (value[1].flat().some((one: unknown) => typeof one !== "string")) {
      throw new TypeError("a map of something else than strings");
    }
    return new Map(value[1] as [string, string][]);
  }
  const atoms: Atom[] = Array.isArray(value) && value[0] === "set" ? value[1] : [value];
  return new Map(atoms.map((atom) => [decodeAtom(atom, column, names), null]));
}

function decodeAtom(atom: Atom, { type }: Column, names: ReadonlyMap<string, string>): Key {
  const key = typeof atom === "object" ? identifier(atom, names) : atom;
  const actual: string = typeof atom === "object" ? "uuid" : typeof atom;
  if (actual === type && key !== undefined) return key;
  throw new TypeError(`${JSON.stringify(atom)} for a column of type ${type}`);
}

function identifier([tag, name]: readonly [string, string], names: ReadonlyMap<string, string>) {
  return tag === "uuid" ? name : names.get(name);
}

/**
 * Writes what a column holds as the server does.
 *
 * @param datum What it holds.
 * @param column What it may hold.
 * @returns The value on the wire; a set of one element is that element.
 */
export function encode(datum: Datum, { type }: Column): Value {
  if (type === "map") return ["map", [...datum] as [string, string][]];
  const atoms = Array.from(datum.keys(), (key): Atom => type === "uuid" ? ["uuid", `${key}`] : key);
  return atoms.length === 1 ? atoms[0]! : ["set", atoms];
}

/** Whether every element of the other is in this one too. */
export function includes(datum: Datum, other: Datum): boolean {
  return other.entries().every(([key, value]) => datum.get(key) === value);
}

/** Whether no element of the other is in this one too. */
export function excludes(datum: Datum, other: Datum): boolean {
  return other.entries().every(([key, value]) => datum.get(key) !== value);
}

/** Whether both have the same elements. */
export function equals(datum: Datum, other: Datum): boolean {
  return datum === other || (datum.size === other.size && includes(datum, other));
}

/** Both together; where a key has two values, the first one's. */
export function union(datum: Datum, other: Datum): Datum {
  return new Map([...other, ...datum]);
}

/** The elements that are not in the other. */
export function without(datum: Datum, other: Datum): Datum {
  return new Map([...datum].filter(([key, value]) => other.get(key) !== value));
}
