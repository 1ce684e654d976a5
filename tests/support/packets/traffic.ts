/**
 * Traffic of a test case, and what its mirrors must carry of it.
 *
 * @module
 */

import type { Case } from "../../cni/cases.ts";
import type { Capture } from "./capture.ts";
import type { Deployment } from "../deploy/deployment.ts";
import { until } from "../run/process.ts";
import type { Switch } from "../ovs/switch.ts";

/** Echo requests of one ping. */
export const PINGS = 3;

/** An output of a mirror. */
export interface Output {
  mirror: string;
  pod: string;
  ifname: string;
}

/**
 * The outputs of a case's mirrors.
 *
 * @param pods The case's pods.
 * @returns An output per consumer and mirror.
 */
export function outputsOf({ pods }: Pick<Case, "pods">): Output[] {
  return pods.flatMap(({ name: pod, interfaces }) =>
    interfaces.flatMap(({ ifname, network }) =>
      network.plugins.filter(({ type }) => type === "ovs-mirror-consumer")
        .flatMap(({ mirrors }) => mirrors as { name: string }[])
        .map(({ name }) => ({ mirror: name, pod, ifname }))
    )
  );
}

/**
 * Sends the traffic of a case.
 *
 * @throws {Error} A reply is missing.
 */
export async function send({ pings }: Pick<Case, "pings">, deployment: Deployment): Promise<void> {
  for (const { from, to } of pings) await deployment.pod(from).ping(to, PINGS);
}

/**
 * Waits until the switch's count of what a mirror has carried is that of a capture.
 *
 * @param capture The capture at its output, from before the first packet on.
 * @returns How many packets.
 * @throws {Error} The counts differ.
 */
export async function countCarried(
  mirror: string,
  capture: Capture,
  vswitch: Switch,
): Promise<number> {
  return await until(`as many packets in ${mirror} as were captured`, async () => {
    const count = (await vswitch.mirroredPackets()).get(mirror);
    return count === capture.frames.length && count;
  });
}

/**
 * The echo requests and replies that a mirror carries of a case's traffic.
 *
 * @returns They, in order, as {@linkcode Capture.echoes} has them.
 */
export function echoesIn(testCase: Case, mirror: string): string[] {
  return testCase.pings.filter(({ mirrors }) => mirrors.includes(mirror))
    .flatMap(({ from, to }) => dialogue(addressOf(testCase, from), to));
}

/**
 * The address of a pod.
 *
 * @param pods The case's pods.
 * @param name The pod, one that talks.
 */
export function addressOf({ pods }: Pick<Case, "pods">, name: string): string {
  const { interfaces } = pods.find((pod) => pod.name === name)!;
  return interfaces.find(({ address }) => address)!.address!;
}

/**
 * The requests and replies of one ping.
 *
 * @param from The address that it is sent from.
 * @param to The address that it is sent to.
 * @returns They, in order.
 */
export function dialogue(from: string, to: string): string[] {
  return Array.from({ length: PINGS }, (_, index) => [
    `${from} > ${to} request ${index + 1}`,
    `${to} > ${from} reply ${index + 1}`,
  ]).flat();
}
