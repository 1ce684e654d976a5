/**
 * Many attachments whose plugins are called at once.
 *
 * @module
 */

import { FaultProxy } from "../support/ovs/fault_proxy.ts";
import { type MirrorView, Ovsdb } from "../support/ovs/ovsdb.ts";
import type { PluginOutcome } from "../support/cni/plugin.ts";
import { readCache } from "../support/cni/state.ts";
import { type Attachment, entryOf, requestFor } from "./attachment.ts";
import { disturb } from "./disturbance.ts";
import { same, type Tally } from "./tally.ts";
import type { Caller, Command } from "./victim.ts";

/** Transactions of an attempt: it reads, and it changes. */
const PER_ATTEMPT = 2;

/** The way to call plugins, and the tally of outcomes. */
export interface Trials {
  caller: Caller;
  tally: Tally;
  /** Whether a proxy counts transactions. It takes connections faster than the server does. */
  counted?: boolean;
  /** Whether another program writes the same rows meanwhile. */
  disturbed?: boolean;
}

/** Attachments on one switch. Leaving the scope removes it. */
export class Crowd implements AsyncDisposable {
  /** Those that are attached, as far as calls told. */
  readonly attached = new Set<Attachment>();
  readonly #proxy?: FaultProxy;
  readonly #caller: Caller;
  readonly #tally: Tally;
  readonly #disturbed?: string;

  private constructor(
    /** The switch's database. */
    readonly db: Ovsdb,
    { caller, tally, counted, disturbed }: Trials,
    bridge: string,
  ) {
    if (disturbed) this.#disturbed = bridge;
    if (counted) this.#proxy = new FaultProxy(db.socket);
    this.#caller = caller;
    this.#tally = tally;
  }

  /** Starts a switch that has the bridges and ports of attachments. */
  static async gather(attachments: readonly Attachment[], trials: Trials): Promise<Crowd> {
    const db = await Ovsdb.start();
    const bridges = Map.groupBy(attachments, ({ bridge }) => bridge);
    await db.addBridges(...bridges.keys());
    for (const [bridge, ofBridge] of bridges) {
      await db.addPorts(bridge, ...ofBridge.map(({ port }) => port));
    }
    return new Crowd(db, trials, attachments[0]!.bridge);
  }

  /** Calls plugins all at once and returns what they left, in the same order. */
  async call(calls: readonly [Attachment, Command][]): Promise<PluginOutcome[]> {
    this.#proxy?.forget();
    const callAll = () => Promise.all(calls.map((call) => this.#callOne(call)));
    const outcomes =
      await (this.#disturbed === undefined
        ? callAll()
        : disturb(this.db, this.#disturbed, callAll));
    this.#tally.cases += calls.length;
    outcomes.forEach(({ code }, index) => {
      const [attachment, command] = calls[index]!;
      if (code === 0 && command === "ADD") this.attached.add(attachment);
      if (code === 0 && command === "DEL") this.attached.delete(attachment);
    });
    return outcomes;
  }

  #callOne([attachment, command]: [Attachment, Command]): Promise<PluginOutcome> {
    const { directory, socket } = this.db;
    const place = { directory, socket: this.#proxy?.socket ?? socket };
    return this.#caller(attachment.role, requestFor(attachment, place, command));
  }

  /** Calls plugins all at once; all have to succeed. */
  async succeed(occasion: string, calls: readonly [Attachment, Command][]): Promise<void> {
    const outcomes = await this.call(calls);
    outcomes.forEach(({ code, stdout, stderr }, index) => {
      const [{ port }, command] = calls[index]!;
      this.#tally.require(
        code === 0 && stderr === "",
        () => `${occasion}: ${command} of ${port} failed: ${stdout}${stderr}`,
      );
    });
    if (calls.every(([, command]) => command === "ADD")) this.#countRetries();
    await this.judge(occasion);
  }

  /** Compares the mirrors and the cache with what has to be there. */
  async judge(occasion: string): Promise<void> {
    const mirrors = (await this.db.mirrors()).sort(byNameAndOutput);
    this.#tally.require(
      same(mirrors, expectedMirrors(this.attached)),
      () => `${occasion}: mirrors are ${JSON.stringify(mirrors)}`,
    );
    const entries = readCache(`${this.db.directory}/cache`).map(({ name }) => name);
    this.#tally.require(
      same(entries, Array.from(this.attached, entryOf).sort()),
      () => `${occasion}: the cache holds ${entries}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#proxy?.[Symbol.dispose]();
    await this.db[Symbol.asyncDispose]();
  }

  #countRetries(): void {
    for (const { transactions } of this.#proxy?.traffic ?? []) {
      const retries = transactions / PER_ATTEMPT - 1;
      this.#tally.sum("ADDs at once", 1);
      this.#tally.sum("retries", retries);
      this.#tally.peak("retries of one ADD at most", retries);
    }
  }
}

/**
 * The mirrors that are there if just these are attached, as {@linkcode Ovsdb.mirrors} has them: a
 * row for each consumer, with the sources of all.
 */
function expectedMirrors(attached: Iterable<Attachment>): MirrorView[] {
  const mirrors = new Map<string, MirrorView & { outputs: string[] }>();
  for (const { role, bridge, port, mirrors: wanted } of attached) {
    for (const { name, ingress, egress } of wanted) {
      const owner = "ovs-cni.network.kubevirt.io";
      const mirror = mirrors.get(name) ?? { name, bridge, owner, src: [], dst: [], outputs: [] };
      mirrors.set(name, mirror);
      if (role === "consumer") mirror.outputs.push(port);
      else if (ingress) mirror.src.push(port);
      if (role === "producer" && egress) mirror.dst.push(port);
    }
  }
  const rows = Array.from(mirrors.values(), ({ outputs, ...mirror }): MirrorView[] => {
    [mirror.src, mirror.dst].forEach((ports) => ports.sort());
    return (outputs.length > 0 ? outputs : [undefined]).map((output) => ({ ...mirror, output }));
  });
  return rows.flat().sort(byNameAndOutput);
}

function byNameAndOutput(one: MirrorView, other: MirrorView): number {
  const key = ({ name, output = "" }: MirrorView) => `${name} ${output}`;
  return key(one) < key(other) ? -1 : 1;
}
