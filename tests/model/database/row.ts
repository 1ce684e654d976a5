/**
 * Rows of a model database.
 *
 * @module
 */

import type { Datum } from "./datum.ts";
import { type Column, SCHEMA, type TableName } from "./schema.ts";

/** One row; never changed, only replaced. */
export type Row = Readonly<Record<string, Datum>>;

/** All rows by identifier, table by table. */
export type Tables = Readonly<Record<TableName, Map<string, Row>>>;

/** An error that the server would answer with. */
export class Failure {
  /** @param error The server's error string. */
  constructor(readonly error: string) {}
}

/** Default values of a row's columns at insertion. */
export const DEFAULTS: Readonly<Record<TableName, Row>> = {
  Open_vSwitch: defaults(SCHEMA.Open_vSwitch),
  Bridge: defaults(SCHEMA.Bridge),
  Port: defaults(SCHEMA.Port),
  Interface: defaults(SCHEMA.Interface),
  Mirror: defaults(SCHEMA.Mirror),
};

function defaults(columns: Readonly<Record<string, Column>>): Row {
  const values = { string: "", number: 0, boolean: false, uuid: "", map: "" };
  const entries = Object.entries(columns).map(([name, { type, min }]) =>
    [name, new Map(min === 0 ? [] : [[values[type], null]])] as const
  );
  return Object.fromEntries(entries);
}

/** Identifier of a row. */
export function idOf(row: Row): string {
  return row._uuid!.keys().next().value as string;
}
