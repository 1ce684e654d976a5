/**
 * The part of Open vSwitch's database that is about mirrors.
 *
 * @module
 */

import type { Client } from "../ovsdb/client.ts";

/** The database that Open vSwitch keeps its configuration in. */
export const DATABASE = "Open_vSwitch";

/** Longest message accepted, in bytes; 32 mirrors of 10,000 ports each take some 30 million. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** Columns by table. */
export type Columns = Readonly<Record<string, readonly string[]>>;

/** The columns that tell how mirrors are set up, but for their sources, which may be many. */
export const SETUP = {
  Open_vSwitch: ["other_config", "external_ids"],
  Bridge: ["name", "mirrors"],
  Mirror: [
    "name",
    "external_ids",
    "output_port",
    "output_vlan",
    "select_all",
    "select_vlan",
    "snaplen",
    "filter",
  ],
} as const satisfies Columns;

/** The column that tells what mirrors carried; the switch writes it every few seconds. */
export const STATISTICS = { Mirror: ["statistics"] } as const satisfies Columns;

/** The columns that hold the sources of mirrors. */
export const SOURCES = {
  Mirror: ["select_src_port", "select_dst_port"],
} as const satisfies Columns;

/** The columns that tell what ports and their interfaces are like. */
export const PORTS = {
  Port: ["name", "interfaces", "external_ids"],
  Interface: ["link_state", "admin_state", "ofport", "error", "mtu"],
} as const satisfies Columns;

/** The columns that tell what interfaces dropped, and where tunnels leave; asked for of outputs. */
export const DROPS = { Interface: ["statistics", "status", "type"] } as const satisfies Columns;

/** The tables and columns that a server has. */
export type Schema = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Asks a server for its tables and columns: those of old versions lack some.
 *
 * @param client A connection to the server.
 * @returns The tables and columns of Open vSwitch's database.
 * @throws {OvsdbError} They could not be read.
 */
export async function readSchema(client: Client): Promise<Schema> {
  const schema = await client.call("get_schema", [DATABASE]) as SchemaReply;
  return new Map(
    Object.entries(schema?.tables ?? {})
      .map(([table, { columns }]) => [table, new Set(Object.keys(columns ?? {}))]),
  );
}

interface SchemaReply {
  tables?: Record<string, { columns?: Record<string, unknown> }>;
}

/**
 * Leaves out what a server does not have.
 *
 * @param columns Tables and columns.
 * @param schema What the server has.
 * @returns Those of them that there are.
 */
export function existing(columns: Columns, schema: Schema): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(columns)
      .map(([table, names]) => [table, names.filter((name) => schema.get(table)?.has(name))])
      .filter(([, names]) => names!.length > 0),
  );
}
