/**
 * JSON as programs in Go read it, which Multus and `ovs` are.
 *
 * Source: https://pkg.go.dev/encoding/json#Unmarshal
 *
 * @module
 */

import * as z from "zod/mini";
import { error, type Problem } from "./finding.ts";
import { lineOf, plain, type Table, type Tree } from "./tree.ts";

/** The type of a member that may be left out, which `null` does too. */
export function optional<T extends z.core.SomeType>(type: T) {
  return z.optional(z.nullable(type));
}

/** A string. */
export const text = z.string("must be a string, in double quotes");

/** A number without fraction. */
export const integer = z.int("must be a whole number, without quotes");

/** Members of a table, and what each of them must be. */
export type Fields = z.ZodMiniObject;

/**
 * Gives members their names: to Go it is the same whether letters are small or capital.
 *
 * @param tree A table; another value stays as it is.
 * @returns The table, with the names as they are in `fields`.
 */
export function withNamesOf<T extends Tree>(tree: T, { shape }: Fields): T {
  if (tree.kind !== "table") return tree;
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  const members = tree.members.map((member) => ({
    ...member,
    key: names.get(member.key.toLowerCase()) ?? member.key,
  }));
  return { ...tree, members };
}

/** Finds members that are of another type than they must be. */
export function problemsOf(file: string, what: string, table: Table, fields: Fields): Problem[] {
  const issues = fields.safeParse(plain(table)).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const name = path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`);
    const place = { file, line: lineOf(table, path) };
    return error(place, `"${name.join("").slice(1)}" of ${what} is not valid`, `it ${message}`);
  });
}
