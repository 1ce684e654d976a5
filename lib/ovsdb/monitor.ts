/**
 * A copy of parts of a database that the server keeps current.
 *
 * Source: RFC 7047 sections 4.1.5 and 4.1.6.
 *
 * @module
 */

import { Client, type ClientOptions } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { ProtocolError } from "./error.ts";
import type { Operation } from "./operation.ts";
import type { OperationResult } from "./result.ts";
import type { Row } from "./value.ts";

/** Tables to watch, with the columns of each. */
export type MonitorRequest = Readonly<Record<string, readonly string[]>>;

/** Rows by table and identifier. A row has the columns that were asked for, without `_uuid`. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** Options of a monitor. */
export interface MonitorOptions extends Pick<ClientOptions, "signal" | "maxMessageBytes"> {
  /** The database's name. */
  database: string;
  /**
   * Columns to watch. The server sends a changed row with all columns of its request, so columns that
   * change often are best asked for apart from long ones. Between the updates of two requests a
   * row may lack the columns of one.
   */
  requests: readonly MonitorRequest[];
}

/**
 * A connection that watches a database. Iterating over it yields the rows as they are, then again
 * after each change, until the signal is aborted.
 *
 * @example Show the names of bridges, and again whenever one comes or goes, for a second.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net
 * import { Monitor, parseEndpoint } from "@ovs-mirror/cni/ovsdb";
 *
 * using monitor = await Monitor.open(parseEndpoint("unix:/var/run/openvswitch/db.sock"), {
 *   database: "Open_vSwitch",
 *   requests: [{ Bridge: ["name"] }],
 *   signal: AbortSignal.timeout(1_000),
 * });
 * for await (const tables of monitor) {
 *   console.log(Array.from(tables.get("Bridge")!.values(), ({ name }) => name));
 * }
 * ```
 */
export class Monitor implements AsyncIterable<Tables>, Disposable {
  readonly #tables = new Map<string, Map<string, Row>>();
  #client?: Client;
  /** Updates that overtook the reply with the rows that they change. */
  #early: unknown[] | undefined = [];
  #next: PromiseWithResolvers<void> = newPromise();
  #version = 0;
  readonly #signal?: AbortSignal;

  private constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * Connects to a server and reads what is to be watched.
   *
   * @param endpoint Where the server listens.
   * @param options What to watch; the signal ends the connection.
   * @returns An open connection, to be closed by the caller.
   * @throws {RequestError} The server does not know the database, a table or a column.
   * @throws {OvsdbError} The connection could not be made, broke or carried something else.
   */
  static async open(endpoint: Endpoint, options: MonitorOptions): Promise<Monitor> {
    const { database, requests, ...clientOptions } = options;
    const monitor = new Monitor(options.signal);
    const client = monitor.#client = await Client.connect(endpoint, {
      ...clientOptions,
      onNotification: (method, params) => monitor.#notice(method, params),
      onEnd: (reason) => monitor.#next.reject(reason),
    });
    try {
      const replies = requests.map((request, id) =>
        client.call("monitor", [database, id, monitorRequests(request)])
      );
      monitor.#begin(await Promise.all(replies));
      return monitor;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** The rows as they are now. */
  get tables(): Tables {
    return this.#tables;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /**
   * Waits for a change.
   *
   * @param version The version that is known already.
   * @returns The version now, which is another one.
   * @throws {OvsdbError} The connection ended.
   */
  async changed(version: number): Promise<number> {
    while (this.#version === version) await this.#next.promise;
    return this.#version;
  }

  /**
   * Yields the rows now and after each change; several changes that came meanwhile are one. Ends
   * with the signal.
   *
   * @throws {OvsdbError} The connection ended in another way.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Tables, void> {
    while (!this.#signal?.aborted) {
      const seen = this.#version;
      yield this.#tables;
      await this.changed(seen).catch((error) => {
        if (!this.#signal?.aborted) throw error;
      });
    }
  }

  /**
   * Runs operations on the same connection, for what is not worth watching.
   *
   * @param database The database's name.
   * @param operations What to do, in order.
   * @returns One answer per operation.
   * @throws {OvsdbError} The transaction was aborted, or the connection ended.
   */
  async transact(database: string, operations: readonly Operation[]): Promise<OperationResult[]> {
    return await this.#client!.transact(database, operations);
  }

  /** Closes the connection. */
  close(): void {
    this.#client?.close();
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #begin(replies: readonly unknown[]): void {
    for (const updates of [...replies, ...this.#early!]) applyUpdates(this.#tables, updates);
    this.#early = undefined;
  }

  #notice(method: string, params: unknown): void {
    if (method !== "update") return;
    const updates = Array.isArray(params) ? params[1] : undefined;
    if (this.#early) {
      this.#early.push(updates);
      return;
    }
    applyUpdates(this.#tables, updates);
    this.#version++;
    this.#next.resolve();
    this.#next = newPromise();
  }
}

function monitorRequests(request: MonitorRequest) {
  const entries = Object.entries(request);
  return Object.fromEntries(entries.map(([table, columns]) => [table, { columns }]));
}

/** A promise that nobody has to wait for: the end of a connection is no error by itself. */
function newPromise(): PromiseWithResolvers<void> {
  const next = Promise.withResolvers<void>();
  next.promise.catch(() => {});
  return next;
}

/**
 * Applies the `table-updates` of a server to a copy of its tables.
 *
 * @param tables Rows by table and identifier; changed.
 * @param updates What the server sent.
 * @throws {ProtocolError} It has another form.
 */
export function applyUpdates(tables: Map<string, Map<string, Row>>, updates: unknown): void {
  for (const [table, changes] of Object.entries(members(updates))) {
    const rows = tables.get(table) ?? new Map<string, Row>();
    tables.set(table, rows);
    for (const [id, change] of Object.entries(members(changes))) {
      const { new: row } = members(change);
      if (row === undefined) rows.delete(id);
      else rows.set(id, { ...rows.get(id), ...members(row) as Row });
    }
  }
}

function members(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new ProtocolError("the server sent an update that is not one of tables and rows");
}
