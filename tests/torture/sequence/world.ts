/**
 * A real switch and a real cache, with what other programs do to them.
 *
 * @module
 */

import type { Mutation } from "../../../lib/ovsdb/operation.ts";
import { atoms, type Row, stringMap, uuid, uuidSet, type Value } from "../../../lib/ovsdb/value.ts";
import { type MirrorView, Ovsdb } from "../../support/ovsdb.ts";
import { readCache } from "../../support/state.ts";
import type { Place } from "../attachment.ts";
import type { Extras, Mirror, Port } from "./switch_model.ts";

/** The real thing. Leaving the scope removes it. */
export class World implements AsyncDisposable {
  readonly #db: Ovsdb;

  private constructor(db: Ovsdb) {
    this.#db = db;
  }

  /** Starts a switch without bridges. */
  static async start(): Promise<World> {
    return new World(await Ovsdb.start());
  }

  /** Where plugins find it. */
  get place(): Place {
    return { directory: this.#db.directory, socket: this.#db.socket };
  }

  /** Makes a bridge. */
  async addBridge(name: string): Promise<void> {
    await this.#db.addBridges(name);
  }

  /** Removes a bridge with its ports and mirrors. */
  async removeBridge(name: string): Promise<void> {
    const ids = await this.#ids("Bridge", name);
    await this.#db.transact([{
      op: "mutate",
      table: "Open_vSwitch",
      where: [],
      mutations: [["bridges", "delete", uuidSet(ids)]],
    }]);
  }

  /** Makes a port, marked as the `ovs` plugin does. */
  async addPort(name: string, { bridge, netns, ifname }: Port): Promise<void> {
    await this.#db.addPortsWith(bridge, { contNetns: netns, contIface: ifname }, name);
  }

  /** Removes a port. */
  async removePort(name: string, { bridge }: Port): Promise<void> {
    await this.#db.removePort(bridge, name);
  }

  /** Makes a mirror without sources and output. */
  async addMirror({ name, bridge, owner, selectAll, outputVlan, snaplen }: Mirror): Promise<void> {
    const row: Record<string, Value> = { name, select_all: selectAll };
    if (owner !== undefined) row.external_ids = stringMap({ owner });
    if (outputVlan !== undefined) row.output_vlan = outputVlan;
    if (snaplen !== undefined) row.snaplen = snaplen;
    await this.#db.addMirror(bridge, row);
  }

  /** Removes all mirrors of a name. */
  async removeMirrors(name: string): Promise<void> {
    const ids = await this.#ids("Mirror", name);
    await this.#db.transact([{
      op: "mutate",
      table: "Bridge",
      where: [],
      mutations: [["mirrors", "delete", uuidSet(ids)]],
    }]);
  }

  /** Puts a port into a column of all mirrors of a name, or takes it out. */
  async edit(name: string, column: string, change: "insert" | "delete", port: string) {
    const members = uuidSet(await this.#ids("Port", port));
    const mutations: Mutation[] = [[column, change, members]];
    await this.#db.transact([
      { op: "mutate", table: "Mirror", where: [["name", "==", name]], mutations },
    ]);
  }

  /** Destroys the content of an entry of the cache. */
  async damage(entry: string): Promise<void> {
    await Deno.writeTextFile(`${this.#cache}/${entry}`, '{"PrevResult":');
  }

  /** The mirrors. */
  async views(): Promise<MirrorView[]> {
    return await this.#db.mirrors();
  }

  /** What mirrors have besides ports. */
  async extras(): Promise<Extras[]> {
    // Rows that are the same in all columns asked for come only once.
    const columns = ["_uuid", "name", "select_all", "output_vlan", "snaplen"];
    return (await this.#db.rows("Mirror", columns)).map((row) => ({
      name: String(row.name),
      selectAll: row.select_all === true,
      outputVlan: optionalNumber(row, "output_vlan"),
      snaplen: optionalNumber(row, "snaplen"),
    }));
  }

  /** Names of the files in the cache. */
  entries(): string[] {
    return readCache(this.#cache).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db[Symbol.asyncDispose]();
  }

  get #cache(): string {
    return `${this.#db.directory}/cache`;
  }

  async #ids(table: string, name: string): Promise<string[]> {
    const rows = await this.#db.rows(table, ["_uuid", "name"]);
    return rows.filter((row) => row.name === name).map((row) => uuid(row._uuid));
  }
}

function optionalNumber(row: Row, column: string): number | undefined {
  const [value] = atoms(row[column]);
  return value === undefined ? undefined : Number(value);
}
