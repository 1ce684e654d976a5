/**
 * The part of the database that is about mirrors.
 *
 * @module
 */

import type { Client } from "../../ovsdb/client.ts";
import type { MonitorRequest, Tables } from "../../ovsdb/monitor.ts";
import type { Condition, Select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { EMPTY, readStringMap, type Row, uuid } from "../../ovsdb/value.ts";

/** The database that Open vSwitch keeps its configuration in. */
export const DATABASE = "Open_vSwitch";

/** Longest message accepted, in bytes; 32 mirrors of 10,000 ports each take some 30 million. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** The columns that tell how mirrors are set up. */
export const SETUP: MonitorRequest = {
  Open_vSwitch: ["other_config"],
  Bridge: ["name", "ports", "mirrors"],
  Mirror: [
    "name",
    "select_all",
    "select_src_port",
    "select_dst_port",
    "select_vlan",
    "output_port",
    "output_vlan",
    "external_ids",
  ],
  Port: ["name", "interfaces", "external_ids"],
  Interface: ["link_state", "admin_state", "ofport", "error"],
};

/** The column that tells what mirrors carried; the switch writes it every few seconds. */
export const STATISTICS: MonitorRequest = { Mirror: ["statistics"] };

/** Milliseconds after which the switch counts what mirrors carried, unless told otherwise. */
const DEFAULT_INTERVAL = 5000;

/**
 * Tells how often the switch writes statistics.
 *
 * @param tables The rows.
 * @returns Seconds.
 */
export function statisticsInterval(tables: Tables): number {
  const [row] = tables.get("Open_vSwitch")?.values() ?? [];
  const configured = row && readStringMap(row.other_config).get("stats-update-interval");
  return Math.max(Number(configured) || 0, DEFAULT_INTERVAL) / 1000;
}

/** What makes an interface carry nothing. Of the others, which may be many, no row is read. */
const IS_DOWN: readonly Condition[] = [
  ["link_state", "==", "down"],
  ["admin_state", "==", "down"],
  ["ofport", "==", -1],
  ["error", "!=", EMPTY],
];

/**
 * Reads all of it at one moment.
 *
 * @param client A connection to the database.
 * @returns The rows; of interfaces, those that are down.
 * @throws {OvsdbError} They could not be read.
 */
export async function readTables(client: Client): Promise<Tables> {
  const selects = Object.entries(SETUP).flatMap(([table, columns]) => {
    const all = ["_uuid", ...columns, ...STATISTICS[table] ?? []];
    const conditions = table === "Interface" ? IS_DOWN.map((condition) => [condition]) : [[]];
    return conditions.map((where): Select => ({ op: "select", table, where, columns: all }));
  });
  const results = await client.transact(DATABASE, selects);
  const tables = new Map<string, Map<string, Row>>();
  selects.forEach(({ table }, index) => {
    const rows = selectedRows(results[index]).map((row) => [uuid(row._uuid), row] as const);
    tables.set(table, new Map([...tables.get(table) ?? [], ...rows]));
  });
  return tables;
}
