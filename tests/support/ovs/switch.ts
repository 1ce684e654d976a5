/**
 * A real Open vSwitch that carries packets between the pods of a private node.
 *
 * @module
 */

import { readString, stringMap } from "../../../lib/ovsdb/value.ts";
import type { Daemon } from "../run/daemon.ts";
import { Node } from "../run/namespace.ts";
import { REAL_OVS_PLUGIN, REAL_OVS_PLUGIN_STATE } from "./ovs_plugin.ts";
import { Ovsdb } from "./ovsdb.ts";
import { runSwitch } from "./vswitchd.ts";
import { until } from "../run/process.ts";

/** The shortest interval at which the switch writes statistics, in milliseconds. */
const STATISTICS_INTERVAL = 5000;

/**
 * `ovsdb-server` and `ovs-vswitchd` with its userspace datapath, needing no kernel module. Leaving
 * the scope ends both, removes the node and the directory.
 */
export class Switch implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  #refreshes = 0;

  private constructor(
    /** The database that configures it. */
    readonly db: Ovsdb,
    /** The node that it runs on. */
    readonly node: Node,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /**
   * Starts a switch without bridges, on a node without pods.
   *
   * @param own Directories of the machine that the node has empty ones of its own for.
   * @throws {NamespacesForbidden} The machine lets us make no namespaces.
   */
  static async start(own: readonly string[] = []): Promise<Switch> {
    await using resources = new AsyncDisposableStack();
    const db = resources.use(await Ovsdb.start());
    const covered = new Set([...own, ...(REAL_OVS_PLUGIN ? [REAL_OVS_PLUGIN_STATE] : [])]);
    const node = resources.use(await Node.start(db.directory, [...covered]));
    resources.use(runDaemon(db, node));
    return new Switch(db, node, resources.move());
  }

  /** Makes bridges, each with its own port as `ovs-vsctl` does, and waits until they are there. */
  async addBridges(...names: string[]): Promise<void> {
    await this.db.addBridgesWith({ datapath_type: this.node.datapath }, ...names);
    for (const name of names) await this.db.addPorts(name, name);
    await this.settle();
  }

  /** Waits until the switch has taken up what the database has now. */
  async settle(): Promise<void> {
    const everything = { table: "Open_vSwitch", where: [] } as const;
    const [, answer] = await this.db.transact([
      { op: "mutate", ...everything, mutations: [["next_cfg", "+=", 1]] },
      { op: "select", ...everything, columns: ["next_cfg"] },
    ]);
    const wanted = Number(answer!.rows![0]!.next_cfg);
    await until("ovs-vswitchd to apply its configuration", async () => {
      const [row] = await this.db.rows("Open_vSwitch", ["cur_cfg"]);
      return Number(row!.cur_cfg) >= wanted;
    });
  }

  /**
   * Counts the packets that each mirror has carried, by the switch's own statistics.
   *
   * @returns Mirror names to packets. The count may lag behind; each call brings it on.
   */
  async mirroredPackets(): Promise<Map<string, number>> {
    await this.#writeStatistics();
    await this.settle();
    const rows = await this.db.rows("Mirror", ["name", "statistics"]);
    return new Map(rows.map((row) => [readString(row.name), packets(row.statistics)]));
  }

  /**
   * Runs a command of `ovs-vswitchd` through its control socket.
   *
   * @param command The command and its arguments.
   * @returns What it printed.
   */
  async control(...command: string[]): Promise<string> {
    const target = `--target=${await controlSocket(this.db)}`;
    return await this.node.succeed("ovs-appctl", target, ...command);
  }

  /** Ends the switch alone, as a crash does, unless it is to end in good order. */
  async endSwitch(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const path = `${this.db.directory}/ovs-vswitchd.pid`;
    const pid = (await Deno.readTextFile(path)).trim();
    await this.node.succeed("kill", `-${signal.slice(3)}`, pid);
  }

  /** Starts the switch again after {@linkcode endSwitch}. */
  restart(): void {
    this.#resources.use(runDaemon(this.db, this.node));
  }

  /** Ends all that runs on the node, then the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** Makes the switch write statistics at once: it does so when the interval changes. */
  async #writeStatistics(): Promise<void> {
    const interval = String(STATISTICS_INTERVAL + ++this.#refreshes);
    const row = { other_config: stringMap({ "stats-update-interval": interval }) };
    await this.db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
  }
}

function runDaemon(db: Ovsdb, node: Node): Daemon {
  return runSwitch(db, "--enable-dummy", node);
}

/** Where the switch makes it by itself. Its process id may hold in the node's namespace only. */
async function controlSocket({ directory }: Ovsdb): Promise<string> {
  const pid = (await Deno.readTextFile(`${directory}/ovs-vswitchd.pid`)).trim();
  return `${directory}/ovs-vswitchd.${pid}.ctl`;
}

function packets(statistics: unknown): number {
  const [, entries] = statistics as ["map", [string, number][]];
  return new Map(entries).get("tx_packets") ?? 0;
}
