/**
 * Delay of the first copy after ADD has returned, and of the last after DEL.
 *
 * @module
 */

import { both } from "../../tests/support/cni/chained.ts";
import { Capture } from "../../tests/support/packets/capture.ts";
import { Deployment } from "../../tests/support/deploy/deployment.ts";
import { BRIDGE, consumer, network, on, ovs, pod, producer } from "../../tests/support/cni/pods.ts";
import type { Frame } from "../../tests/support/packets/frame.ts";
import { until } from "../../tests/support/run/process.ts";
import { createRuntime } from "../../tests/support/cni/runtime.ts";
import { Switch } from "../../tests/support/ovs/switch.ts";
import { Talk } from "../../tests/support/packets/talk.ts";
import { fill } from "./fill.ts";

const CONSUMER = ["watching", "eth1", "ovs-mirror-consumer"] as const;
const TALKING = "10.1.0.1";
const PEER = "10.1.0.9";
/** An address that nobody has. */
const NOBODY = "10.1.0.200";

/** Replies without a copy after which a mirror counts as quiet. */
const QUIET = 30;

/** Delays in milliseconds, one per trial. A copy that came before the call returned has 0. */
export interface Delays {
  /** From ADD's return to the first copy of traffic that ran before. */
  running: number[];
  /** From the first packet of a flow that began after ADD's return to its copy. */
  fresh: number[];
  /** From DEL's return to the last copy. */
  last: number[];
}

/**
 * Attaches a consumer and detaches it, again and again, while two pods ping each other.
 *
 * @param ports How many further ports the bridge has.
 * @param trials How often.
 * @param signal Ends it early.
 */
export async function measureCopies(
  ports: number,
  trials: number,
  signal: AbortSignal,
): Promise<Delays> {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  await fill(vswitch, ports);
  const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await pods.add([
    pod("talking", on("eth1", network("p", ovs(100), producer(both("m1"))), TALKING)),
    pod("peer", on("eth1", network("plain", ovs(100)), PEER)),
    pod("watching", on("eth1", network("c", ovs(), consumer("m1")))),
  ]);
  await using trial = await Trial.start(pods);
  const delays: Delays = { running: [], fresh: [], last: [] };
  for (let number = 0; number < trials; number++) {
    signal.throwIfAborted();
    delays.last.push(await trial.detach());
    delays.running.push(await trial.attach());
    delays.fresh.push(await trial.begin(number));
  }
  return delays;
}

class Trial implements AsyncDisposable {
  private constructor(
    readonly pods: Deployment,
    /** At the mirror's output. */
    readonly capture: Capture,
    /** Capture at the source. */
    readonly source: Capture,
    readonly talk: Talk,
    readonly resources: AsyncDisposable,
  ) {}

  static async start(pods: Deployment): Promise<Trial> {
    await using resources = new AsyncDisposableStack();
    const capture = resources.use(await Capture.start(pods.pod("watching"), "eth1"));
    const source = resources.use(await Capture.start(pods.pod("talking"), "eth1"));
    const talk = resources.use(await Talk.start(pods.pod("talking"), TALKING, PEER));
    resources.use(await Talk.start(pods.pod("peer"), PEER, TALKING));
    return new Trial(pods, capture, source, talk, resources.move());
  }

  /** Detaches the consumer; returns the time until the last copy. */
  async detach(): Promise<number> {
    await this.pods.delPlugin(...CONSUMER);
    const returned = Date.now();
    await until("the last copy", async () => {
      const count = this.capture.frames.length;
      await this.talk.goesOn(QUIET);
      return this.capture.frames.length === count;
    });
    return since(returned, this.capture.frames.at(-1)!.time!);
  }

  /** Attaches the consumer; returns the time until the first copy. */
  async attach(): Promise<number> {
    const begun = Date.now();
    await this.pods.addPlugin(...CONSUMER);
    const returned = Date.now();
    const first = await until(
      "the first copy",
      () => this.capture.frames.find(({ time }) => time! >= begun),
    );
    return since(returned, first.time!);
  }

  /**
   * Begins a flow that the switch does not know, to a hardware address that was not seen yet;
   * returns the time from its packet to the copy.
   */
  async begin(number: number): Promise<number> {
    const mac = `02:00:00:01:${hex(number >> 8)}:${hex(number & 0xff)}`;
    const command =
      `ip neigh replace ${NOBODY} lladdr ${mac} dev eth1; ping -c 1 -W 0.01 ${NOBODY}`;
    // Nobody answers, so it fails.
    await this.pods.pod("talking").run("sh", { args: ["-c", command] });
    const [sent, copied] = [this.source, this.capture].map((capture) =>
      until("the new flow", () => ofNewFlow(capture).at(number))
    );
    return since((await sent!).time!, (await copied!).time!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources[Symbol.asyncDispose]();
    await this.pods.del();
  }
}

function ofNewFlow({ frames }: Capture): Frame[] {
  return frames.filter(({ echo }) => echo?.includes(NOBODY));
}

function since(start: number, time: number): number {
  return Math.max(0, Math.round(time - start));
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
