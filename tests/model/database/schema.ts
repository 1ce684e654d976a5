/**
 * The part of Open vSwitch's schema that the plugins read and write, as a model database has it.
 *
 * Bridges are roots here; in the real schema the row of `Open_vSwitch` keeps them.
 *
 * Source: `vswitch.ovsschema` of Open vSwitch.
 *
 * @module
 */

/** Type of a column. */
export interface Column {
  /** The type of its elements in JSON; a map is one of strings to strings. */
  type: "string" | "number" | "boolean" | "uuid" | "map";
  /** Least number of elements. */
  min: 0 | 1;
  /** Largest number of elements. */
  max: number;
  /** The table that its elements refer to. */
  refersTo?: TableName;
  /** Whether a reference keeps the row that it refers to. */
  strong?: boolean;
}

/** A table of the model. */
export type TableName = "Open_vSwitch" | "Bridge" | "Port" | "Interface" | "Mirror";

const NAME: Column = { type: "string", min: 1, max: 1 };
const FLAG: Column = { type: "boolean", min: 1, max: 1 };
const MAP: Column = { type: "map", min: 0, max: Infinity };
const COUNT: Column = { type: "number", min: 1, max: 1 };
const INTEGERS: Column = { type: "number", min: 0, max: 4096 };
const INTEGER: Column = { type: "number", min: 0, max: 1 };
const WEAK: Column = { type: "uuid", min: 0, max: Infinity, refersTo: "Port" };

/** The column that every table has. */
const _uuid: Column = { type: "uuid", min: 1, max: 1 };

/** The columns of each table. */
export const SCHEMA: Readonly<Record<TableName, Readonly<Record<string, Column>>>> = {
  Open_vSwitch: { _uuid, next_cfg: COUNT, cur_cfg: COUNT },
  Bridge: {
    _uuid,
    name: NAME,
    ports: { ...WEAK, strong: true },
    mirrors: { ...WEAK, refersTo: "Mirror", strong: true },
  },
  Port: {
    _uuid,
    name: NAME,
    vlan_mode: { ...NAME, min: 0 },
    other_config: MAP,
    external_ids: MAP,
  },
  Interface: { _uuid, external_ids: MAP },
  Mirror: {
    _uuid,
    name: NAME,
    select_all: FLAG,
    select_src_port: WEAK,
    select_dst_port: WEAK,
    select_vlan: INTEGERS,
    output_port: { ...WEAK, max: 1 },
    output_vlan: INTEGER,
    snaplen: INTEGER,
    external_ids: MAP,
  },
};

/** Tables whose names are unique. */
export const UNIQUE_NAMES: readonly TableName[] = ["Bridge", "Port"];

/**
 * Looks a column up.
 *
 * @param table The table's name.
 * @param column The column's name.
 * @returns What it may hold.
 * @throws {TypeError} The model has none of that name.
 */
export function columnOf(table: string, column: string): Column {
  const found = SCHEMA[table as TableName]?.[column];
  if (!found) throw new TypeError(`the model has no column ${column} in a table ${table}`);
  return found;
}
