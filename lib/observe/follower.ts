/**
 * A connection that keeps up with a switch's mirrors.
 *
 * @module
 */

import { Client } from "../ovsdb/client.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { Monitor, type Tables } from "../ovsdb/monitor.ts";
import { isRow, type Select } from "../ovsdb/operation.ts";
import { selectedRows } from "../ovsdb/result.ts";
import { type Row, uuid } from "../ovsdb/value.ts";
import { references } from "./row_values.ts";
import {
  DATABASE,
  DROPS,
  existing,
  MAX_MESSAGE_BYTES,
  PORTS,
  readSchema,
  type Schema,
  SETUP,
  SOURCES,
  STATISTICS,
} from "./tables.ts";
import { TIMEOUT } from "./database.ts";

/** Columns to monitor; those that change often are asked for apart from long ones. */
const REQUESTS = [
  { ...SETUP, ...PORTS, Bridge: ["name", "mirrors", "ports"] },
  SOURCES,
  STATISTICS,
];

/** A copy of what the database says about mirrors, kept current. */
export class Follower implements Disposable {
  readonly #monitor: Monitor;
  readonly #schema: Schema;

  private constructor(monitor: Monitor, schema: Schema) {
    this.#monitor = monitor;
    this.#schema = schema;
  }

  /**
   * Connects.
   *
   * @param signal Ends the connection.
   * @returns An open connection, to be closed by the caller.
   * @throws {OvsdbError} It could not be made in time.
   */
  static async open(endpoint: Endpoint, signal: AbortSignal): Promise<Follower> {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), TIMEOUT);
    try {
      const options = {
        maxMessageBytes: MAX_MESSAGE_BYTES,
        signal: AbortSignal.any([signal, slow.signal]),
      };
      using client = await Client.connect(endpoint, options);
      const schema = await readSchema(client);
      const requests = REQUESTS.map((columns) => existing(columns, schema));
      const monitor = await Monitor.open(endpoint, { database: DATABASE, requests, ...options });
      return new Follower(monitor, schema);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Grows with each change. */
  get version(): number {
    return this.#monitor.version;
  }

  /**
   * Waits for a change.
   *
   * @param version The version that is known already.
   * @returns The version now.
   * @throws {OvsdbError} The connection ended.
   */
  changed(version: number): Promise<number> {
    return this.#monitor.changed(version);
  }

  /**
   * Reads the rows as they are now. What interfaces dropped is asked for each time, of outputs
   * alone: the switch counts for all interfaces every few seconds, which may be thousands.
   *
   * @throws {OvsdbError} The connection ended.
   */
  async read(): Promise<Tables> {
    const { tables } = this.#monitor;
    const { Interface: columns } = existing(DROPS, this.#schema);
    const interfaces = tables.get("Interface");
    if (!columns || !interfaces) return tables;
    const selects = outputInterfaces(tables).map((id): Select => ({
      op: "select",
      table: "Interface",
      where: [isRow(id)],
      columns: ["_uuid", ...columns],
    }));
    const answers = await this.#monitor.transact(DATABASE, selects);
    const rows = new Map<string, Row>(interfaces);
    for (const { _uuid, ...row } of answers.flatMap(selectedRows)) {
      rows.set(uuid(_uuid), { ...rows.get(uuid(_uuid)), ...row });
    }
    return new Map([...tables, ["Interface", rows]]);
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#monitor.close();
  }
}

function outputInterfaces(tables: Tables): string[] {
  const mirrors = Array.from(tables.get("Mirror")?.values() ?? []);
  const ports = new Set(mirrors.flatMap((row) => references(row, "output_port")));
  return Array.from(ports)
    .flatMap((port) => references(tables.get("Port")?.get(port), "interfaces"));
}
