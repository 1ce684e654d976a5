/**
 * The operations of a transaction.
 *
 * Source: RFC 7047 section 5.2.
 *
 * @module
 */

import type { NamedUuid, Row, Value } from "./value.ts";

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

/** Reads rows. */
export interface Select {
  /** Tells `select` from other operations. */
  op: "select";
  /** The table's name. */
  table: string;
  /** Conditions that a row must pass, all of them; with none, every row does. */
  where: readonly Condition[];
  /** Columns to return; all if absent. */
  columns?: readonly string[];
}

/** Adds a row. */
export interface Insert {
  /** Tells `insert` from other operations. */
  op: "insert";
  /** The table's name. */
  table: string;
  /** Column names to values; columns left out get their defaults. */
  row: Readonly<Record<string, Value | NamedUuid>>;
  /** A name by which later operations refer to the row. */
  "uuid-name"?: string;
}

/** Sets columns of the rows found. */
export interface Update {
  /** Tells `update` from other operations. */
  op: "update";
  /** The table's name. */
  table: string;
  /** Conditions that a row must pass, all of them; with none, every row does. */
  where: readonly Condition[];
  /** The columns to set. */
  row: Row;
}

/** Changes columns of the rows found. */
export interface Mutate {
  /** Tells `mutate` from other operations. */
  op: "mutate";
  /** The table's name. */
  table: string;
  /** Conditions that a row must pass, all of them; with none, every row does. */
  where: readonly Condition[];
  /** The changes, in order. */
  mutations: readonly Mutation[];
}

/** Removes the rows found. */
export interface Delete {
  /** Tells `delete` from other operations. */
  op: "delete";
  /** The table's name. */
  table: string;
  /** Conditions that a row must pass, all of them; with none, every row does. */
  where: readonly Condition[];
}

/** Lets the transaction go on only once the rows found are, or are not, those given. */
export interface Wait {
  /** Tells `wait` from other operations. */
  op: "wait";
  /** The table's name. */
  table: string;
  /** Conditions that a row must pass, all of them; with none, every row does. */
  where: readonly Condition[];
  /** The columns compared. */
  columns: readonly string[];
  /** Whether the rows found must be the given ones, or must not. */
  until: "==" | "!=";
  /** The rows to compare with. */
  rows: readonly Row[];
  /** Milliseconds. Zero: fail at once. Absent: wait for ever. */
  timeout?: number;
}

/** Explains the transaction in the database's log. */
export interface Comment {
  /** Tells `comment` from other operations. */
  op: "comment";
  /** The explanation. */
  comment: string;
}

/** One step of a transaction. */
export type Operation = Select | Insert | Update | Mutate | Delete | Wait | Comment;

/**
 * A guard: the transaction takes effect only if exactly these rows meet the conditions now.
 *
 * @param table The table to look at.
 * @param where The conditions.
 * @param ids Identifiers of the rows that must meet them; none: no row may.
 * @returns A `wait` that fails at once.
 */
export function guard(table: string, where: readonly Condition[], ids: readonly string[]): Wait {
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
