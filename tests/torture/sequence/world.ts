/**
 * Two real switches and a real cache, with what other programs do to them.
 *
 * @module
 */

import type { Mutation } from "../../../lib/ovsdb/operation.ts";
import { type Row, uuidSet } from "../../../lib/ovsdb/value.ts";
import { decode } from "../../model/database/datum.ts";
import { idOf, type Row as ModelRow, type Tables } from "../../model/database/row.ts";
import { type Column, SCHEMA, type TableName } from "../../model/database/schema.ts";
import { named } from "../../model/switch/rows.ts";
import { Ovsdb } from "../../support/ovs/ovsdb.ts";
import { readCache } from "../../support/cni/state.ts";
import type { Place } from "../attachment.ts";
import { type Site, SITES } from "./cast.ts";
import type { State } from "./port_cells.ts";
import type { Remainder } from "./ledger.ts";

/** Marks of the `ovs` plugin on a port. */
export interface Marks {
  netns: string;
  ifname: string;
  podUid: string;
}

/** The real thing. Leaving the scope removes it. */
export class World implements AsyncDisposable {
  readonly #dbs: readonly Ovsdb[];
  /** For whom each port was made, by its row. */
  readonly madeFor = new Map<string, string>();

  private constructor(dbs: readonly Ovsdb[]) {
    this.#dbs = dbs;
  }

  /** Starts switches without bridges. */
  static async start(): Promise<World> {
    await using stack = new AsyncDisposableStack();
    const dbs: Ovsdb[] = [];
    for (const _ of SITES) dbs.push(stack.use(await Ovsdb.start()));
    stack.move();
    return new World(dbs);
  }

  /** Where plugins find one of them. The records are in one place. */
  place(site: Site): Place {
    return { directory: this.directory, socket: this.#dbs[site]!.socket };
  }

  /** A directory for everything. */
  get directory(): string {
    return this.#dbs[0]!.directory;
  }

  /** Reads both databases. */
  async read(): Promise<State> {
    return await Promise.all(this.#dbs.map(readTables));
  }

  /** Makes a bridge. */
  async addBridge(site: Site, name: string): Promise<void> {
    await this.#dbs[site]!.addBridges(name);
  }

  /** Removes a bridge with its ports and mirrors. */
  async removeBridge(site: Site, name: string): Promise<void> {
    await this.#mutate(site, "Open_vSwitch", "bridges", await this.#ids(site, "Bridge", name));
  }

  /** Makes a port, marked as the `ovs` plugin does unless there are no marks. */
  async addPort(
    site: Site,
    bridge: string,
    name: string,
    { owner, marks }: { owner: string; marks?: Marks },
  ): Promise<void> {
    const { netns, ifname, podUid } = marks ?? {};
    const ids = { contNetns: netns, contIface: ifname, contPodUid: podUid };
    await this.#dbs[site]!.addPortsWith(bridge, marks ? ids as Record<string, string> : {}, name);
    const [id] = await this.#ids(site, "Port", name);
    this.madeFor.set(id!, owner);
  }

  /** Removes a port. */
  async removePort(site: Site, name: string): Promise<void> {
    await this.#mutate(site, "Bridge", "ports", await this.#ids(site, "Port", name));
  }

  /** Makes a mirror. */
  async addMirror(site: Site, bridge: string, row: Record<string, Row[string]>): Promise<void> {
    await this.#dbs[site]!.addMirror(bridge, row);
  }

  /** Removes all mirrors of a name. */
  async removeMirrors(site: Site, name: string): Promise<void> {
    await this.#mutate(site, "Bridge", "mirrors", await this.#ids(site, "Mirror", name));
  }

  /** Puts a port into a column of all mirrors of a name, or takes it out. */
  async edit(site: Site, name: string, column: string, change: "insert" | "delete", port: string) {
    const mutations: Mutation[] = [[column, change, uuidSet([port])]];
    await this.#dbs[site]!.transact([
      { op: "mutate", table: "Mirror", where: [["name", "==", name]], mutations },
    ]);
  }

  /** Removes a record, or what is in it. */
  async lose(entry: string, left: Remainder): Promise<void> {
    const path = `${this.directory}/cache/${entry}`;
    if (left === "nothing") return await Deno.remove(path);
    const { PrevResult } = JSON.parse(await Deno.readTextFile(path));
    const whole = JSON.stringify({ PrevResult });
    await Deno.writeTextFile(path, left === "PrevResult" ? whole : whole.slice(1));
  }

  /** Names of the files in the cache. */
  entries(): string[] {
    return readCache(`${this.directory}/cache`).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const db of this.#dbs) await db[Symbol.asyncDispose]();
  }

  /** Takes rows out of a column of all rows of a table. */
  async #mutate(site: Site, table: string, column: string, ids: readonly string[]) {
    const mutations: Mutation[] = [[column, "delete", uuidSet(ids)]];
    await this.#dbs[site]!.transact([{ op: "mutate", table, where: [], mutations }]);
  }

  async #ids(site: Site, table: "Bridge" | "Port" | "Mirror", name: string): Promise<string[]> {
    return named((await readTables(this.#dbs[site]!))[table], name).map(idOf);
  }
}

/** Reads a database in the form in which the model has one, so that what is said of it fits both. */
async function readTables(db: Ovsdb): Promise<Tables> {
  const schema = Object.entries(SCHEMA);
  const answers = await db.transact(
    schema.map(([table, columns]) => (
      { op: "select", table, where: [], columns: Object.keys(columns) }
    )),
  );
  const tables = schema.map(([table, columns], index) => {
    const rows = answers[index]!.rows!.map((row) => decodeRow(row, columns));
    return [table, new Map(rows.map((row) => [idOf(row), row]))] as const;
  });
  return Object.fromEntries(tables) as Record<TableName, Map<string, ModelRow>>;
}

function decodeRow(row: Row, columns: Readonly<Record<string, Column>>): ModelRow {
  const entries = Object.entries(columns).map(([name, column]) => (
    [name, decode(row[name]!, column, new Map())] as const
  ));
  return Object.fromEntries(entries);
}
