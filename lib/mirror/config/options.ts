/**
 * What a consumer may say about the packets that it gets, and how a mirror's row holds it.
 *
 * Options live and die with the consumer: a row whose options came from one is marked, so that
 * others may be told apart, and options that a vanished consumer left are nobody's.
 *
 * @module
 */

import type { Condition } from "../../ovsdb/operation.ts";
import { EMPTY, type Value } from "../../ovsdb/value.ts";

/** What a consumer wants of a mirror's packets. */
export interface MirrorOptions {
  /** All ports of the bridge are sources. */
  all?: true;
  /** Only packets on these VLANs, sorted. */
  vlans?: readonly number[];
  /** Copies are cut to this length, in bytes. */
  snaplen?: number;
  /** Only packets that match, in flow syntax. */
  filter?: string;
}

/** The columns of `Mirror` that hold options, each with what it holds without any. */
const WITHOUT: Readonly<Record<string, Value>> = {
  select_all: false,
  select_vlan: EMPTY,
  snaplen: EMPTY,
  filter: EMPTY,
};

/**
 * The columns that options set.
 *
 * @param options The options.
 * @returns Column names to values; only those that differ from a row without options.
 */
export function columnsOf({ all, vlans, snaplen, filter }: MirrorOptions): Record<string, Value> {
  return {
    ...(all && { select_all: true }),
    ...(vlans && { select_vlan: ["set", vlans] as const }),
    ...(snaplen !== undefined && { snaplen }),
    ...(filter !== undefined && { filter }),
  };
}

/**
 * What columns hold once options are taken back.
 *
 * @param columns Names of columns.
 * @returns Column names to values.
 */
export function withoutOptions(columns: readonly string[]): Record<string, Value> {
  const known = columns.filter((name) => Object.hasOwn(WITHOUT, name));
  return Object.fromEntries(known.map((name) => [name, WITHOUT[name]!]));
}

/**
 * Conditions that a row with certain options meets. The column `filter` is left out unless a filter
 * is wanted: not every version of Open vSwitch has it.
 *
 * @param options The options.
 * @returns The conditions.
 */
export function holdsOptions(options: MirrorOptions): Condition[] {
  const { filter: _, ...columns } = WITHOUT;
  return Object.entries({ ...columns, ...columnsOf(options) })
    .map(([name, value]): Condition => [name, "==", value]);
}
