/**
 * A real `ovsdb-server` with Open vSwitch's schema, in a directory of its own.
 *
 * @module
 */

import { Client } from "../../../lib/ovsdb/client.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../../lib/ovsdb/result.ts";
import { readStringMap, type Row, stringMap, uuid, uuids } from "../../../lib/ovsdb/value.ts";
import { Daemon } from "../run/daemon.ts";
import { Place } from "../run/place.ts";
import { succeed, until } from "../run/process.ts";
import "../run/ready.ts";

/** Names of what a mirror refers to. */
export interface MirrorView {
  name: string;
  bridge: string;
  owner?: string;
  src: string[];
  dst: string[];
  output?: string;
}

/** What the `ovs` plugin needs of a database. */
export type Database = Pick<Ovsdb, "rows" | "addPortRows" | "removePort">;

/** A running server. Leaving the scope stops it and removes its directory. */
export class Ovsdb implements AsyncDisposable {
  /** A directory for everything of the test. */
  readonly directory: string;
  /** Path of the server's socket. */
  readonly socket: string;
  #process?: Daemon;
  #client?: Client;

  private constructor(directory: string) {
    this.directory = directory;
    this.socket = `${directory}/db.sock`;
  }

  /** Makes an empty database and starts a server on it. */
  static async start(): Promise<Ovsdb> {
    const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
    await using stack = new AsyncDisposableStack();
    const server = stack.use(new Ovsdb(directory));
    await succeed("ovsdb-tool", "create", `${directory}/conf.db`);
    await server.run();
    await server.transact([{ op: "insert", table: "Open_vSwitch", row: {} }]);
    stack.move();
    return server;
  }

  /**
   * The database of a server that somebody else has started, and ends.
   *
   * @param directory The directory that everything of it is in.
   * @returns What the `ovs` plugin needs of it.
   */
  static at(directory: string): Database {
    return new Ovsdb(directory);
  }

  /** Starts the server process; used by itself after {@linkcode stop}. */
  async run(): Promise<void> {
    this.#process = new Daemon(new Place(), ["ovsdb-server", ...this.#arguments()]);
    await until("ovsdb-server", () => this.#connect().then(() => true, () => false));
  }

  /** Stops the server process. The database stays. */
  async stop(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
    await this.#process?.[Symbol.asyncDispose]();
    this.#process = undefined;
  }

  /** Process id of the server. */
  async pid(): Promise<number> {
    return Number(await Deno.readTextFile(`${this.directory}/server.pid`));
  }

  /** Runs a transaction. */
  async transact(operations: Operation[]): Promise<OperationResult[]> {
    const client = this.#client ??= await this.#connect();
    return await client.transact("Open_vSwitch", operations);
  }

  /** All rows of a table. */
  async rows(table: string, columns?: string[]): Promise<Row[]> {
    const [answer] = await this.transact([{ op: "select", table, where: [], columns }]);
    return answer!.rows!;
  }

  /** Makes bridges. */
  async addBridges(...names: string[]): Promise<void> {
    await this.addBridgesWith({}, ...names);
  }

  /** Makes bridges with further columns, such as `datapath_type`. */
  async addBridgesWith(columns: Row, ...names: string[]): Promise<void> {
    await this.transact(names.flatMap((name, index): Operation[] => [
      { op: "insert", table: "Bridge", row: { ...columns, name }, "uuid-name": `bridge${index}` },
      {
        op: "mutate",
        table: "Open_vSwitch",
        where: [],
        mutations: [["bridges", "insert", ["set", [["named-uuid", `bridge${index}`]]]]],
      },
    ]));
  }

  /** Makes ports as the `ovs` plugin does. */
  async addPorts(bridge: string, ...names: string[]): Promise<void> {
    await this.addPortsWith(bridge, {}, ...names);
  }

  /** Makes ports with marks in `external_ids`, such as `contNetns` and `contIface`. */
  async addPortsWith(
    bridge: string,
    marks: Record<string, string>,
    ...names: string[]
  ): Promise<void> {
    await this.addPortRows(bridge, { external_ids: stringMap(marks) }, ...names);
  }

  /** Makes ports with further columns, such as `tag`. */
  async addPortRows(bridge: string, columns: Row, ...names: string[]): Promise<void> {
    await this.transact(names.flatMap((name, index): Operation[] => [
      { op: "insert", table: "Interface", row: { name }, "uuid-name": `interface${index}` },
      {
        op: "insert",
        table: "Port",
        row: { ...columns, name, interfaces: ["named-uuid", `interface${index}`] },
        "uuid-name": `port${index}`,
      },
      {
        op: "mutate",
        table: "Bridge",
        where: [["name", "==", bridge]],
        mutations: [["ports", "insert", ["set", [["named-uuid", `port${index}`]]]]],
      },
    ]));
  }

  /** Removes a port from its bridge. */
  async removePort(bridge: string, name: string): Promise<void> {
    const port = (await this.rows("Port", ["_uuid", "name"])).find((row) => row.name === name);
    await this.transact([{
      op: "mutate",
      table: "Bridge",
      where: [["name", "==", bridge]],
      mutations: [["ports", "delete", ["set", [["uuid", uuid(port!._uuid)]]]]],
    }]);
  }

  /** Makes a mirror, as another tool would. */
  async addMirror(bridge: string, row: Record<string, Row[string]>): Promise<void> {
    await this.transact([
      { op: "insert", table: "Mirror", row, "uuid-name": "mirror" },
      {
        op: "mutate",
        table: "Bridge",
        where: [["name", "==", bridge]],
        mutations: [["mirrors", "insert", ["set", [["named-uuid", "mirror"]]]]],
      },
    ]);
  }

  /** A reference to a port by its name, for {@linkcode addMirror}. */
  async port(name: string): Promise<readonly ["uuid", string]> {
    const row = (await this.rows("Port", ["_uuid", "name"])).find((port) => port.name === name);
    return ["uuid", uuid(row!._uuid)];
  }

  /** All mirrors at one moment, with names for references, sorted. */
  async mirrors(): Promise<MirrorView[]> {
    const [bridges, ports, mirrors] = (await this.transact([
      { op: "select", table: "Bridge", where: [], columns: ["name", "mirrors"] },
      { op: "select", table: "Port", where: [], columns: ["_uuid", "name"] },
      { op: "select", table: "Mirror", where: [] },
    ])).map(selectedRows) as [Row[], Row[], Row[]];
    const portName = new Map(ports.map((row) => [uuid(row._uuid), String(row.name)]));
    const names = (value: unknown) => uuids(value).map((id) => portName.get(id) ?? id).sort();
    return mirrors.map((row) => ({
      name: String(row.name),
      bridge: String(bridges.find(({ mirrors }) => uuids(mirrors).includes(uuid(row._uuid)))?.name),
      owner: readStringMap(row.external_ids).get("owner"),
      src: names(row.select_src_port),
      dst: names(row.select_dst_port),
      output: names(row.output_port)[0],
    })).sort((a, b) => a.name < b.name ? -1 : 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.directory, { recursive: true });
  }

  async #connect(): Promise<Client> {
    return await Client.connect({ transport: "unix", path: this.socket });
  }

  #arguments(): string[] {
    const { directory, socket } = this;
    return [
      `--remote=punix:${socket}`,
      `--unixctl=${directory}/server.ctl`,
      `--pidfile=${directory}/server.pid`,
      `--log-file=${directory}/server.log`,
      "--no-chdir",
      `${directory}/conf.db`,
    ];
  }
}
