/**
 * Values of columns that a server may not have, or that nobody has written yet.
 *
 * @module
 */

import { type Atom, atoms, readStringMap, type Row, uuids } from "../ovsdb/value.ts";

/**
 * Reads a column of at most one value.
 *
 * @param column The column's name.
 * @returns The value, if it is known.
 */
export function optional(row: Row | undefined, column: string): Atom | undefined {
  const value = row?.[column];
  return value === undefined ? undefined : atoms(value)[0];
}

/**
 * Reads a column of at most one number.
 *
 * @param column The column's name.
 * @returns The number, if it is known.
 */
export function optionalNumber(row: Row | undefined, column: string): number | undefined {
  const value = optional(row, column);
  return typeof value === "number" ? value : undefined;
}

/**
 * Reads a column of any number of numbers.
 *
 * @param column The column's name.
 * @returns The numbers; none if the column is not known.
 */
export function numbers(row: Row, column: string): number[] {
  const value = row[column];
  return value === undefined ? [] : atoms(value).map(Number);
}

/**
 * Reads a column of references to rows.
 *
 * @param column The column's name.
 * @returns Row identifiers; none if the column is not known.
 */
export function references(row: Row | undefined, column: string): string[] {
  const value = row?.[column];
  return value === undefined ? [] : uuids(value);
}

/**
 * Reads a column that maps strings to strings.
 *
 * @param column The column's name.
 * @returns The map; empty if the column is not known.
 */
export function map(row: Row | undefined, column: string): Map<string, string> {
  const value = row?.[column];
  return value === undefined ? new Map() : readStringMap(value);
}

/**
 * Reads a counter of a column that maps names to numbers, such as `statistics`.
 *
 * @param name The counter's name.
 * @returns The count, if there is one.
 */
export function counter(row: Row | undefined, name: string): number | undefined {
  const statistics = row?.statistics;
  if (!Array.isArray(statistics) || !Array.isArray(statistics[1])) return undefined;
  for (const pair of statistics[1]) {
    if (Array.isArray(pair) && pair[0] === name && typeof pair[1] === "number") return pair[1];
  }
  return undefined;
}
