/**
 * The operations of a transaction.
 *
 * Source: RFC 7047 section 5.2.
 *
 * @module
 */

import type { Row, Value } from "./value.ts";

/** A test on one column; a row must pass all of an operation's conditions. */
export type Condition = readonly [
  column: string,
  test: "<" | "<=" | "==" | "!=" | ">=" | ">" | "includes" | "excludes",
  value: Value,
];

/** A change to one column. */
export type Mutation = readonly [
  column: string,
  mutator: "+=" | "-=" | "*=" | "/=" | "%=" | "insert" | "delete",
  value: Value,
];

/** One step of a transaction. */
export type Operation =
  /** Reads rows. */
  | {
    op: "select";
    table: string;
    /** Conditions that a row must pass, all of them; with none, every row does. */
    where: readonly Condition[];
    /** Columns to return; all if absent. */
    columns?: readonly string[];
  }
  /** Adds a row. */
  | {
    op: "insert";
    table: string;
    /** Columns left out get their defaults. */
    row: Row;
    /** A name by which later operations refer to the row, as `["named-uuid", name]`. */
    "uuid-name"?: string;
  }
  /** Sets columns of the rows found. */
  | { op: "update"; table: string; where: readonly Condition[]; row: Row }
  /** Changes columns of the rows found. */
  | { op: "mutate"; table: string; where: readonly Condition[]; mutations: readonly Mutation[] }
  /** Removes the rows found. */
  | { op: "delete"; table: string; where: readonly Condition[] }
  /** Lets the transaction go on only once the rows found are, or are not, those given. */
  | {
    op: "wait";
    table: string;
    where: readonly Condition[];
    /** The columns compared. */
    columns: readonly string[];
    /** `==` if the rows found must be the given ones, `!=` if they must not. */
    until: "==" | "!=";
    /** The rows to compare with. */
    rows: readonly Row[];
    /** Milliseconds. Zero: fail at once. Absent: wait for ever. */
    timeout?: number;
  }
  /** Explains the transaction in the database's log. */
  | { op: "comment"; comment: string };

type Kind<Name extends Operation["op"]> = Extract<Operation, { op: Name }>;

/** Operations by their kind. */
export type Select = Kind<"select">;
export type Insert = Kind<"insert">;
export type Update = Kind<"update">;
export type Mutate = Kind<"mutate">;
export type Delete = Kind<"delete">;
export type Wait = Kind<"wait">;

/**
 * A guard: the transaction takes effect only if exactly these rows meet the conditions now.
 *
 * @param table The table to look at.
 * @param where The conditions.
 * @param ids Identifiers of the rows that must meet them; none: no row may.
 * @returns A `wait` that fails at once.
 */
export function guard(
  table: string,
  where: readonly Condition[],
  ids: readonly string[],
): Operation {
  return {
    op: "wait",
    table,
    where,
    columns: ["_uuid"],
    until: "==",
    rows: ids.map((id) => ({ _uuid: ["uuid", id] })),
    timeout: 0,
  };
}

/**
 * Reads some columns of some rows.
 *
 * @param table The table.
 * @param where Conditions that a row must pass, all of them.
 * @param columns The columns.
 * @returns The operation.
 */
export function select(
  table: string,
  where: readonly Condition[],
  columns: readonly string[],
): Select {
  return { op: "select", table, where, columns };
}

/**
 * The condition that only one row passes.
 *
 * @param id The row's identifier.
 * @returns The condition.
 */
export function isRow(id: string): Condition {
  return ["_uuid", "==", ["uuid", id]];
}
