/**
 * The demo's stage: a private switch with pods, or where that is not allowed, its database.
 *
 * @module
 */

import { NamespacesForbidden, type Node } from "../../tests/support/run/namespace.ts";
import { Ovsdb } from "../../tests/support/ovs/ovsdb.ts";
import { BRIDGE } from "../../tests/support/cni/pods.ts";
import { processesNaming } from "../../tests/support/run/processes.ts";
import { readCache } from "../../tests/support/cni/state.ts";
import { Switch } from "../../tests/support/ovs/switch.ts";

/** A switch's database, and the switch if there is one. Leaving the scope removes both. */
export class Stage implements AsyncDisposable {
  /** The reason for having no switch. */
  readonly lack?: string;

  private constructor(readonly db: Ovsdb, readonly vswitch: Switch | undefined, lack?: string) {
    this.lack = lack;
  }

  /** Sets the stage, with the bridge of the test cases. */
  static async open(): Promise<Stage> {
    try {
      return await Stage.#withSwitch();
    } catch (error) {
      if (!(error instanceof NamespacesForbidden)) throw error;
      return await Stage.#withDatabase(error.message);
    }
  }

  static async #withSwitch(): Promise<Stage> {
    await using resources = new AsyncDisposableStack();
    const vswitch = resources.use(await Switch.start());
    await vswitch.addBridges(BRIDGE);
    resources.move();
    return new Stage(vswitch.db, vswitch);
  }

  static async #withDatabase(lack: string): Promise<Stage> {
    await using resources = new AsyncDisposableStack();
    const db = resources.use(await Ovsdb.start());
    await db.addBridges(BRIDGE);
    await db.addPorts(BRIDGE, BRIDGE);
    resources.move();
    return new Stage(db, undefined, lack);
  }

  /** The node of the pods, if there are pods. */
  get node(): Node | undefined {
    return this.vswitch?.node;
  }

  /**
   * Looks for what pods have left.
   *
   * @returns A word or two for each thing; none if they are gone without a trace.
   */
  async leftovers(): Promise<string[]> {
    const mirrors = await this.db.mirrors();
    const ports = (await this.db.rows("Port", ["name"])).filter(({ name }) => name !== BRIDGE);
    const links = await this.node?.succeed("ip", "-o", "link", "show", "type", "veth") ?? "";
    return [
      ...mirrors.map(({ name }) => `mirror ${name}`),
      ...ports.map(({ name }) => `port ${name}`),
      ...readCache(`${this.db.directory}/cache`).map(({ name }) => `cache entry ${name}`),
      ...links.split("\n").filter((line) => line !== "").map((line) => `interface ${line}`),
    ];
  }

  /** Ends everything and removes the directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (this.vswitch ?? this.db)[Symbol.asyncDispose]();
  }
}

/**
 * Looks for what a stage has left on the machine, once it is closed.
 *
 * @param directory The directory that all of it was in, and that its processes were told.
 * @returns A few words for each thing.
 */
export async function remains(directory: string): Promise<string[]> {
  const isThere = await Deno.stat(directory).then(() => true, () => false);
  const processes = (await processesNaming(directory)).map((pid) => `process ${pid}`);
  return isThere ? [directory, ...processes] : processes;
}
