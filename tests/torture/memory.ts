/**
 * Executables keep within their time and memory while a server sends without an end.
 *
 * @module
 */

import { discardReplies, replies } from "../support/ovs/faults.ts";
import { callPlugin } from "../support/cni/plugin.ts";
import { ENDLESS, type Lie } from "./lies.ts";
import { kill, peakMemory } from "./processes.ts";
import type { Tally } from "./tally.ts";
import { GRACE, type Scene, scenes, type Trial, tryFault } from "./trial.ts";

/** Deadline of the calls, in seconds. */
const SECONDS = 1;

/** When a call is ended that has missed its deadline, in milliseconds. */
const PATIENCE = SECONDS * 1000 + 2 * GRACE;

/** Bytes that a call may take more than one without faults; garbage is not collected at once. */
const ALLOWED = 48 * 1024 * 1024;

/** Milliseconds between looks at a process. */
const INTERVAL = 5;

/**
 * Answers executables without an end.
 *
 * @param tally Where the outcomes are counted; its figures get the largest excess of memory.
 */
export async function answerEndlessly(tally: Tally): Promise<void> {
  for await (const scene of scenes(callPlugin, tally, ["fresh"])) {
    const usual = await watch(scene, { name: "no fault", command: "ADD" });
    for (const [what, lie] of Object.entries(ENDLESS)) await tryEndless(scene, what, lie, usual);
  }
}

async function tryEndless(scene: Scene, what: string, lie: Lie, usual: number): Promise<void> {
  const toClient = replies((reply, index) => index === 1 ? lie(reply) : undefined);
  const fault = { toClient, toServer: discardReplies };
  const name = `reply ${what}`;
  const excess = await watch(scene, { name, command: "ADD", fault, seconds: SECONDS }) - usual;
  scene.tally.peak("MB more than usual", Math.round(excess / 1e6));
  scene.tally.require(
    excess < ALLOWED,
    () => `${scene.victim.label}: ADD, ${name}: took ${excess} bytes more than usual`,
  );
}

/** Runs a call to its end, and returns the most memory that it was seen to have. */
async function watch(scene: Scene, trial: Trial): Promise<number> {
  let peak = 0;
  let timers: ReturnType<typeof setTimeout>[] = [];
  const started = (pid: number) => {
    timers = [
      setInterval(() => peak = Math.max(peak, peakMemory(pid)), INTERVAL),
      setTimeout(() => kill(pid), PATIENCE),
    ];
  };
  const { struck } = await tryFault(scene, { ...trial, request: { started } }, false);
  for (const timer of timers) clearTimeout(timer);
  scene.tally.require(
    struck || !trial.fault,
    () => `${scene.victim.label}: ${trial.name} did not strike`,
  );
  return peak;
}
