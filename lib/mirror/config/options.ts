/**
 * The options of a consumer for the packets that it gets, and their columns in a mirror's row.
 *
 * Options are removed with their consumer. A row whose options came from one is marked, so that an
 * administrator's options are told apart, and those of a vanished consumer may be replaced.
 *
 * @module
 */

import type { Condition } from "../../ovsdb/operation.ts";
import { EMPTY, type Value } from "../../ovsdb/value.ts";

/** Options of a consumer for a mirror's packets. */
export interface MirrorOptions {
  /** All ports of the bridge are sources. */
  all?: boolean;
  /** Only packets on these VLANs, sorted. */
  vlans?: readonly number[];
  /** Copies are cut to this length, in bytes. */
  snaplen?: number;
  /** Only packets that match, in flow syntax. */
  filter?: string;
}

/** Options as a configuration has them, where `null` means absent. */
export type OptionMembers = { [Name in keyof MirrorOptions]: MirrorOptions[Name] | null };

/** An option of a mirror. */
interface Option<OptionValue> {
  /** The column of `Mirror` that holds it. */
  column: string;
  /** The version of Open vSwitch that introduced the column, if it was not always there. */
  since?: string;
  /** True if a supported version lacks the column, so that it is named only if it is used. */
  isNew?: true;
  /** The column's value without the option. */
  without: Value;
  /** Tells whether a configuration may have this value. */
  isValid(member: unknown): boolean;
  /** The column's value with the option, if not the option's own value. */
  toColumn?(value: OptionValue): Value;
}

/** All options. Lists of them, their columns and their checks derive from here. */
export const OPTIONS: { readonly [Name in keyof MirrorOptions]-?: Option<MirrorOptions[Name]> } = {
  all: { column: "select_all", without: false, isValid: isBoolean },
  vlans: {
    column: "select_vlan",
    without: EMPTY,
    isValid: (member) =>
      Array.isArray(member) && member.length > 0 && member.every(isInteger(0, 4095)),
    toColumn: (vlans) => ["set", vlans!],
  },
  snaplen: { column: "snaplen", since: "2.8", without: EMPTY, isValid: isInteger(14, 65_535) },
  filter: {
    column: "filter",
    since: "3.4",
    isNew: true,
    without: EMPTY,
    isValid: (member) => typeof member === "string",
  },
};

function isBoolean(member: unknown): boolean {
  return typeof member === "boolean";
}

function isInteger(least: number, most: number): (member: unknown) => boolean {
  return (member) => Number.isInteger(member) && least <= Number(member) && Number(member) <= most;
}

/** The names of the options. */
export const OPTION_NAMES = Object.keys(OPTIONS) as (keyof MirrorOptions)[];

/** The members of a mirror that only a consumer may have. */
export const CONSUMER_MEMBERS: readonly (keyof MirrorOptions | "shared")[] = [
  "shared",
  ...OPTION_NAMES,
];

/**
 * The columns to read if options matter.
 *
 * @param wanted Options that are wanted; a column that is not in every version's schema is named
 * only for these.
 * @returns Names of columns.
 */
export function columnsFor(...wanted: readonly (MirrorOptions | undefined)[]): string[] {
  return OPTION_NAMES.filter((name) =>
    !OPTIONS[name].isNew || wanted.some((options) => options?.[name] !== undefined)
  ).map((name) => OPTIONS[name].column);
}

/** The option of a column. */
function optionOf(column: string): Option<never> | undefined {
  return Object.values(OPTIONS).find((option) => option.column === column);
}

/**
 * The version of Open vSwitch that introduced a column.
 *
 * @param column The column's name.
 * @returns The version, if the column was not always there.
 */
export function columnSince(column: string): string | undefined {
  return optionOf(column)?.since;
}

/**
 * The columns that options set.
 *
 * @param options The options.
 * @returns Column names to values; only those that differ from a row without options.
 */
export function columnsOf(options: MirrorOptions): Record<string, Value> {
  return Object.fromEntries(
    OPTION_NAMES.filter((name) => options[name] !== undefined).map((name) => {
      const { column, toColumn } = OPTIONS[name] as Option<unknown>;
      return [column, toColumn?.(options[name]) ?? options[name] as Value];
    }),
  );
}

/**
 * The values of columns after options are removed.
 *
 * @param columns Names of columns.
 * @returns Column names to values.
 */
export function withoutOptions(columns: readonly string[]): Record<string, Value> {
  return Object.fromEntries(columns.flatMap((column) => {
    const option = optionOf(column);
    return option ? [[column, option.without]] : [];
  }));
}

/**
 * Conditions that a row with given options meets.
 *
 * @param options The options.
 * @returns The conditions.
 */
export function holdsOptions(options: MirrorOptions): Condition[] {
  return Object.entries({ ...withoutOptions(columnsFor(options)), ...columnsOf(options) })
    .map(([name, value]): Condition => [name, "==", value]);
}
