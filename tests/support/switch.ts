/**
 * A real Open vSwitch that carries packets between the pods of a private node.
 *
 * @module
 */

import { string, stringMap } from "../../lib/ovsdb/value.ts";
import { Daemon } from "./daemon.ts";
import { Node } from "./namespace.ts";
import { Ovsdb } from "./ovsdb.ts";
import { until } from "./process.ts";

/** The shortest interval at which the switch writes statistics, in milliseconds. */
const STATISTICS_INTERVAL = 5000;

/** How soon the switch looks over its flows, in milliseconds; half a second if not told. */
const REVALIDATION_INTERVAL = 20;

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
   * @returns The switch.
   * @throws {NamespacesForbidden} The machine lets us make no namespaces.
   */
  static async start(): Promise<Switch> {
    await using resources = new AsyncDisposableStack();
    const db = resources.use(await Ovsdb.start());
    const node = resources.use(await Node.start(db.directory));
    resources.use(runDaemon(db, node));
    const result = new Switch(db, node, resources.move());
    await result.#adjust();
    return result;
  }

  /**
   * Makes bridges, each with its own port as `ovs-vsctl` does, and waits until they are there.
   *
   * @param names Their names.
   */
  async addBridges(...names: string[]): Promise<void> {
    await this.db.addBridgesWith({ datapath_type: this.node.datapath }, ...names);
    for (const name of names) await this.db.addPorts(name, name);
    await this.settle();
  }

  /** Waits until packets are treated as the database has it now. */
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
    await this.#control("revalidator/wait");
  }

  /**
   * How many packets each mirror has carried, by the switch's own count.
   *
   * @returns Mirror names to packets. The count may lag behind; each call brings it on.
   */
  async mirroredPackets(): Promise<Map<string, number>> {
    await this.#control("revalidator/wait");
    await this.#adjust();
    await this.settle();
    const rows = await this.db.rows("Mirror", ["name", "statistics"]);
    return new Map(rows.map((row) => [string(row.name), packets(row.statistics)]));
  }

  /** Ends all that runs on the node, then the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** Sets intervals. A changed one for statistics makes the switch write them at once. */
  async #adjust(): Promise<void> {
    const intervals = {
      "max-revalidator": String(REVALIDATION_INTERVAL),
      "stats-update-interval": String(STATISTICS_INTERVAL + this.#refreshes++),
    };
    const row = { other_config: stringMap(intervals) };
    await this.db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
  }

  #control(...command: string[]): Promise<string> {
    return this.node.succeed("ovs-appctl", `--target=${controlSocket(this.db)}`, ...command);
  }
}

function runDaemon(db: Ovsdb, node: Node): Daemon {
  const { directory, socket } = db;
  const command = [
    "ovs-vswitchd",
    `unix:${socket}`,
    "--disable-system",
    "--enable-dummy",
    "--no-chdir",
    `--unixctl=${controlSocket(db)}`,
    `--pidfile=${directory}/vswitchd.pid`,
    `--log-file=${directory}/vswitchd.log`,
  ];
  const env = { OVS_RUNDIR: directory, OVS_LOGDIR: directory, OVS_DBDIR: directory };
  return new Daemon([...node.enter, ...command], { env });
}

function controlSocket({ directory }: Ovsdb): string {
  return `${directory}/vswitchd.ctl`;
}

function packets(statistics: unknown): number {
  const [, entries] = statistics as ["map", [string, number][]];
  return new Map(entries).get("tx_packets") ?? 0;
}
