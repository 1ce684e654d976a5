/**
 * A switch of a given size, pods on it, and the calls that a runtime makes for them.
 *
 * @module
 */

import { consumer, producer } from "../lib/mirror/role.ts";
import { selectedRows } from "../lib/ovsdb/result.ts";
import { uuid, uuidSet } from "../lib/ovsdb/value.ts";
import { both } from "../tests/support/cni/chained.ts";
import { Host, type Pod } from "../tests/support/cni/host.ts";
import { environment, type RoleName, standardInput } from "../tests/support/cni/plugin.ts";
import { Recorder } from "../tests/support/ovs/recorder.ts";
import type { Command, Contestant } from "./contestant.ts";
import type { Invocation } from "./invocation.ts";

const ROLE = { producer, consumer };

/** Size of a switch. */
export interface Scene {
  /** Ports that each mirror has as sources already; with none, ADD makes the mirrors, DEL removes them. */
  ports: number;
  /** Mirrors of one configuration. */
  mirrors: number;
  /** Pods that are called for at once. */
  pods: number;
  /** Whether the plugins talk to the database through a proxy that counts. */
  recorded?: boolean;
  /**
   * Whether a switch runs, which calls wait for as they do on a node. It has dummy ports, of which a
   * thousand keep it busy for a second at each change, so that larger scenes are of the database.
   */
  isLive?: boolean;
}

/** A switch for one contestant. Leaving the scope removes it. */
export class Stage implements AsyncDisposable {
  /** The switch. */
  readonly host: Host;
  readonly #mirrors: string[];
  readonly #isLive: boolean;
  readonly #pods: Pod[] = [];
  #ports: string[] = [];
  #recorder?: Recorder;

  private constructor(host: Host, mirrors: number, isLive: boolean) {
    this.host = host;
    this.#isLive = isLive;
    this.#mirrors = Array.from({ length: mirrors }, (_, index) => `m${index + 1}`);
  }

  /** Builds up a switch. */
  static async start({ ports, mirrors, pods, recorded, isLive = false }: Scene): Promise<Stage> {
    await using stack = new AsyncDisposableStack();
    const stage = new Stage(
      stack.use(await (isLive ? Host.withSwitch() : Host.start())),
      mirrors,
      isLive,
    );
    if (ports > 0) await stage.#addMirrors(ports);
    await stage.#addPods(pods);
    if (recorded) stage.#recorder = new Recorder(stage.host.db.socket);
    stack.move();
    return stage;
  }

  /**
   * The calls that make, check or undo the attachment of each pod.
   *
   * @param contestant Whose executable is called.
   * @param role The role of the pods.
   * @param command What the runtime wants.
   * @returns One invocation per pod.
   */
  invocations(contestant: Contestant, role: RoleName, command: Command): Invocation[] {
    // With the scheme: other implementations take no bare path.
    const socket_file = `unix:${this.#recorder?.socket ?? this.host.db.socket}`;
    return this.#pods.map((pod) => {
      const mirrors = this.#mirrors.map((name) => role === "producer" ? both(name) : { name });
      const request = { ...pod[role]({ mirrors, socket_file }).request, command };
      return {
        program: contestant.program(role),
        stdin: standardInput(role, request),
        env: this.#isLive ? waiting(environment(request)) : environment(request),
      };
    });
  }

  /**
   * Makes sure that the calls did what they should.
   *
   * @param role The role of the pods.
   * @param attached Whether each pod has to be attached to each mirror, or none to any.
   * @throws {Error} It is not so.
   */
  async assertAttached(role: RoleName, attached: boolean): Promise<void> {
    const questions = this.#ports.flatMap((port) =>
      ROLE[role].columns.map((column) => ({
        op: "select",
        table: "Mirror",
        where: [[column, "includes", uuidSet([port])]],
        columns: ["name"],
      } as const))
    );
    const found = (await this.host.db.transact(questions)).flatMap(selectedRows).length;
    const expected = attached ? questions.length * this.#mirrors.length : 0;
    if (found === expected) return;
    throw new Error(`the database has ${found} attachments instead of ${expected}`);
  }

  /** Runs something, and tells what went through the proxy meanwhile. */
  async recorded<T>(action: () => Promise<T>) {
    let finished: T;
    const cost = await this.#recorder!.costOf(async () => finished = await action());
    return {
      finished: finished!,
      requests: cost.requests.length,
      sent: cost.bytesToServer,
      received: cost.bytes,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#recorder?.[Symbol.dispose]();
    await this.host[Symbol.asyncDispose]();
  }

  async #addPods(count: number): Promise<void> {
    for (let pod = 0; pod < count; pod++) this.#pods.push(await this.host.addPod());
    const names = this.#pods.map(({ port }) => port);
    const rows = await this.host.db.rows("Port", ["_uuid", "name"]);
    this.#ports = rows.filter(({ name }) => names.includes(String(name))).map((row) =>
      uuid(row._uuid)
    );
  }

  async #addMirrors(ports: number): Promise<void> {
    const { db } = this.host;
    await db.addPorts("br1", ...Array.from({ length: ports }, (_, index) => `port${index}`));
    const all = uuidSet((await db.rows("Port", ["_uuid"])).map((row) => uuid(row._uuid)));
    for (const name of this.#mirrors) {
      await db.addMirror("br1", { name, select_src_port: all, select_dst_port: all });
    }
  }
}

function waiting({ OVS_MIRROR_WAIT: _, ...env }: Record<string, string>): Record<string, string> {
  return env;
}
