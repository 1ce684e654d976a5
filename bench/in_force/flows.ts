/**
 * How many packets of many running flows are not copied once ADD has returned, and until when.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { both } from "../../tests/support/cni/chained.ts";
import { BRIDGE, consumer, network, on, ovs, pod, producer } from "../../tests/support/cni/pods.ts";
import { createRuntime } from "../../tests/support/cni/runtime.ts";
import { Deployment } from "../../tests/support/deploy/deployment.ts";
import { Switch } from "../../tests/support/ovs/switch.ts";
import { Daemon } from "../../tests/support/run/daemon.ts";
import { lines } from "../../tests/support/run/lines.ts";
import { until } from "../../tests/support/run/process.ts";
import type { Pod } from "../../tests/support/run/namespace.ts";
import { type Burst, missedOf } from "./missed.ts";

const CONSUMER = ["watching", "eth1", "ovs-mirror-consumer"] as const;
const PROGRAM = fromFileUrl(new URL("stream.ts", import.meta.url));

/** For how long packets are looked at after ADD, in milliseconds. */
const SPAN = 500;

/** Packets missed, one value per trial. */
export interface Missed {
  /** Packets that the peer got and the mirror's output did not. */
  packets: number[];
  /** How long after ADD's return the last of them was sent, in milliseconds; 0 if there is none. */
  last: number[];
}

/**
 * Attaches a consumer and detaches it, again and again, while a pod sends to many addresses.
 *
 * @param flows How many addresses.
 * @param trials How often.
 * @param signal Ends it early.
 * @returns What was missed.
 */
export async function measureFlows(
  flows: number,
  trials: number,
  signal: AbortSignal,
): Promise<Missed> {
  await using resources = new AsyncDisposableStack();
  const vswitch = resources.use(await Switch.start());
  await vswitch.addBridges(BRIDGE);
  const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await pods.add([
    pod("talking", on("eth1", network("p", ovs(100), producer(both("m1"))), "10.1.0.1")),
    pod("peer", on("eth1", network("plain", ovs(100)), "10.1.0.9")),
    // In another VLAN: what is for addresses that the switch does not know goes to all of theirs.
    pod("watching", on("eth1", network("c", ovs(200), consumer("m1")))),
  ]);
  const run = (name: string, ...args: string[]) =>
    resources.use(Stream.start(pods.pod(name), ...args));
  const [copied, arrived] = [run("watching"), run("peer")];
  const sent = run("talking", String(flows));
  // Until each flow is known to the switch.
  await until("each flow", () => (sent.rows.at(-1)?.[0] ?? 0) > 4 * flows);
  const missed: Missed = { packets: [], last: [] };
  for (let trial = 0; trial < trials; trial++) {
    signal.throwIfAborted();
    await pods.delPlugin(...CONSUMER);
    await sleep(SPAN);
    await pods.addPlugin(...CONSUMER);
    const returned = Date.now();
    await until("the end of the time", () => (sent.rows.at(-1)?.[1] ?? 0) >= returned + SPAN);
    const [now] = sent.rows.at(-1)!;
    for (const { rows } of [copied, arrived]) {
      await until("what is under way", () => (rows.at(-1)?.[0] ?? 0) > now!);
    }
    const bursts = sent.rows.map(([number, time]): Burst => [number!, time!])
      .filter(([, time]) => time > returned && time < returned + SPAN);
    const { packets, last } = missedOf(
      bursts,
      arrived.rows.flat(),
      new Set(copied.rows.flat()),
      returned,
    );
    missed.packets.push(packets);
    missed.last.push(last);
    for (const { rows } of [copied, arrived, sent]) rows.length = 0;
  }
  return missed;
}

/** The numbers that a program prints, by line. */
class Stream implements AsyncDisposable {
  readonly rows: number[][] = [];

  private constructor(readonly daemon: Daemon) {
    this.#read().catch(() => {});
  }

  static start(pod: Pod, ...args: string[]): Stream {
    const command = [Deno.execPath(), "run", "--no-config", "--no-lock", "--allow-ffi", PROGRAM];
    return new Stream(new Daemon(pod, [...command, "eth1", ...args], { output: true }));
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.daemon.stdout)) this.rows.push(line.split(" ").map(Number));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.daemon[Symbol.asyncDispose]();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
