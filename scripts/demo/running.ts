/**
 * Traffic that runs while a consumer goes and comes back.
 *
 * @module
 */

import type { Case } from "../../tests/cni/cases.ts";
import type { Capture } from "../../tests/support/packets/capture.ts";
import type { Deployment } from "../../tests/support/deploy/deployment.ts";
import { until } from "../../tests/support/run/process.ts";
import { isCopied, isNotCopied, Talk } from "../../tests/support/packets/talk.ts";
import { addressOf, type Output } from "../../tests/support/packets/traffic.ts";
import { columns, field } from "./print.ts";

const CONSUMER = "ovs-mirror-consumer";

/**
 * Lets a pod ping another without pause, detaches each consumer that gets this and attaches it
 * again, and prints what became of the copies.
 *
 * @param outputs The outputs of its mirrors, with captures.
 * @param signal Stops between two steps.
 * @throws {Error} Something is mirrored that must not be, or is not.
 */
export async function playRunning(
  testCase: Case,
  deployment: Deployment,
  outputs: readonly (Output & { capture: Capture })[],
  signal: AbortSignal,
): Promise<void> {
  const { from, to, mirrors } = testCase.pings[0]!;
  await using talk = await Talk.start(deployment.pod(from), addressOf(testCase, from), to);
  const told: string[][] = [];
  for (const { pod, ifname, capture } of outputs.filter(({ mirror }) => mirrors.includes(mirror))) {
    signal.throwIfAborted();
    await isCopied(talk, capture);
    await deployment.delPlugin(pod, ifname, CONSUMER);
    await isNotCopied(talk, capture);
    const begun = Date.now();
    await deployment.addPlugin(pod, ifname, CONSUMER);
    const added = Date.now();
    const first = await until("a copy", () => capture.frames.find(({ time }) => time! >= begun));
    await isCopied(talk, capture);
    told.push([`${pod}/${ifname}`, "detached: no copy", `attached: ${when(first.time! - added)}`]);
  }
  field("running", `${from} pings ${to} without pause; ${talk.faults} lost`, ...columns(told));
}

/** Tells the delay of the first copy after ADD had returned. */
function when(delay: number): string {
  const place = delay > 0 ? "after" : "before";
  return `first copy ${Math.abs(Math.round(delay))} ms ${place} ADD returned`;
}
