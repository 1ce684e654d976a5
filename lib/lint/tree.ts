/**
 * The content of a document, with line numbers.
 *
 * @module
 */

import { LineMap } from "./line_map.ts";

/** A value, of whatever kind. */
export type Tree = Scalar | List | Table;

/** A value that holds no others. */
export interface Scalar {
  kind: "scalar";
  /** The line that it begins in, counted from 1. */
  line: number;
  /** Its value. */
  value: string | number | boolean | null;
  /** The text, without quotes; the same as the value if that is a string. */
  text: string;
  /** Finds where the parts of a text of several lines come from. */
  lines?: () => LineMap;
}

/** Values in a row. */
export interface List {
  kind: "list";
  /** The line that it begins in, counted from 1. */
  line: number;
  /** The values. */
  items: Tree[];
}

/** Values by name. */
export interface Table {
  kind: "table";
  /** The line that it begins in, counted from 1. */
  line: number;
  /** The members in their order; of two with one name, the last one counts. */
  members: Member[];
}

/** One member of a table. */
export interface Member {
  /** Its name. */
  key: string;
  /** The line of its name, counted from 1. */
  line: number;
  /** Its value. */
  value: Tree;
}

/** Looks a member up. */
export function member(tree: Tree | undefined, ...path: string[]): Member | undefined {
  let [place, found]: [Tree | undefined, Member | undefined] = [tree, undefined];
  for (const key of path) {
    if (place?.kind !== "table") return undefined;
    found = place.members.findLast((one) => one.key === key);
    place = found?.value;
  }
  return found;
}

/**
 * Looks up the text of a member.
 *
 * @returns The text, if the member is there and is a text that is not empty.
 */
export function stringAt(tree: Tree | undefined, ...path: string[]): string | undefined {
  const value = member(tree, ...path)?.value;
  return value?.kind === "scalar" && typeof value.value === "string" && value.value || undefined;
}

/** Finds where the parts of a text come from. */
export function linesOf({ line, lines }: Scalar): LineMap {
  return lines?.() ?? LineMap.ofLine(line);
}

/**
 * Takes the lines away.
 *
 * @returns The value as `JSON.parse` would give it.
 */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(plain);
    case "table":
      return Object.fromEntries(tree.members.map(({ key, value }) => [key, plain(value)]));
  }
}

/**
 * Finds the line of something within a value.
 *
 * @param path The way there: names of members and indices of items.
 * @returns The line of the last step that exists.
 */
export function lineOf(tree: Tree, path: readonly PropertyKey[]): number {
  let line = tree.line;
  let place: Tree | undefined = tree;
  for (const step of path) {
    const found: Member | undefined = member(place, String(step));
    place = place?.kind === "list" ? place.items[Number(step)] : found?.value;
    if (!place) break;
    line = found?.line ?? place.line;
  }
  return line;
}
