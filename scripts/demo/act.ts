/**
 * One test case of the specification, played and shown.
 *
 * @module
 */

import type { Case } from "../../tests/cni/cases.ts";
import { Capture } from "../../tests/support/packets/capture.ts";
import type { PluginConfiguration, Runtime } from "../../tests/support/cni/chain.ts";
import { Deployment } from "../../tests/support/deploy/deployment.ts";
import type { MirrorView } from "../../tests/support/ovs/ovsdb.ts";
import type { WantedPod } from "../../tests/support/cni/pods.ts";
import type { Switch } from "../../tests/support/ovs/switch.ts";
import {
  countCarried,
  echoesIn,
  type Output,
  outputsOf,
  PINGS,
} from "../../tests/support/packets/traffic.ts";
import { columns, count, field, table } from "./print.ts";
import { playRunning } from "./running.ts";
import type { Stage } from "./stage.ts";

/** Traffic of a mirror, by its counts and as captured. */
interface Carried extends Output {
  packets: number;
  capture: Capture;
}

/**
 * Plays a test case, from making its pods to deleting them, and prints what happens.
 *
 * @param stage What to play it on.
 * @param runtime What attaches the pods.
 * @param signal Stops between two steps.
 * @throws {Error} A mirror does not carry what it should, or something is left at the end.
 */
export async function play(
  testCase: Case,
  stage: Stage,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<void> {
  field("pods", ...columns(testCase.pods.flatMap(describePod)));
  const deployment = new Deployment(runtime, stage.node);
  await deployment.add(testCase.pods, signal);
  await deployment.check();
  const mirrors = await stage.db.mirrors();
  if (stage.vswitch) await playTraffic(testCase, deployment, stage.vswitch, mirrors, signal);
  else table([["mirror", "sources", "output"], ...mirrors.map((one) => setup(one, deployment))]);
  signal.throwIfAborted();
  await deployment.del();
  const left = await stage.leftovers();
  if (left.length > 0) throw new Error(`the pods are deleted, but not ${left.join(", ")}`);
  field("deleted", `${count(testCase.pods.length, "pod")}; no mirror, port or cache entry is left`);
}

async function playTraffic(
  testCase: Case,
  deployment: Deployment,
  vswitch: Switch,
  mirrors: readonly MirrorView[],
  signal: AbortSignal,
): Promise<void> {
  await using captures = new AsyncDisposableStack();
  const carried: Carried[] = [];
  for (const output of outputsOf(testCase)) {
    const capture = captures.use(await Capture.start(deployment.pod(output.pod), output.ifname));
    carried.push({ ...output, packets: 0, capture });
  }
  for (const { from, to } of testCase.pings) {
    signal.throwIfAborted();
    await deployment.pod(from).ping(to, PINGS);
  }
  field(
    "traffic",
    ...columns(testCase.pings.map(({ from, to }) => [
      `${from} → ${to}`,
      `${count(PINGS, "ping")}, all answered`,
    ])),
  );
  for (const one of carried) one.packets = await judge(testCase, one, vswitch);
  const head = ["mirror", "sources", "output", "carried", "captured at the output"];
  table([
    head,
    ...mirrors.map((mirror) => [
      ...setup(mirror, deployment),
      ...outcome(carried.find((one) => one.mirror === mirror.name)),
    ]),
  ]);
  field("verified", "each output got the pings of its mirror's sources, and no others");
  await playRunning(testCase, deployment, carried, signal);
}

/** Makes sure that a mirror carried what it should, and returns how many packets that were. */
async function judge(testCase: Case, { mirror, capture }: Carried, vswitch: Switch) {
  const expected = echoesIn(testCase, mirror);
  await capture.atLeast(expected.length, "echoes");
  const packets = await countCarried(mirror, capture, vswitch);
  if (capture.echoes.join() === expected.join()) return packets;
  throw new Error(`${mirror} carried ${capture.echoes.join(", ")}, not ${expected.join(", ")}`);
}

function describePod({ name, interfaces }: WantedPod): string[][] {
  return interfaces.map(({ ifname, network, address }, index) => [
    index === 0 ? name : "",
    ifname,
    address ?? "",
    network.plugins.map(describePlugin).join(" → "),
  ]);
}

function describePlugin({ type, vlan, mirrors }: PluginConfiguration): string {
  if (type === "ovs") return vlan === undefined ? "ovs" : `ovs, VLAN ${vlan}`;
  return `${type} ${(mirrors as { name: string }[]).map(({ name }) => name).join(", ")}`;
}

/** The cells of a mirror's setup, read from the database. */
function setup({ name, src, dst, output }: MirrorView, deployment: Deployment): string[] {
  const sources = [...new Set([...src, ...dst])].map((port) => deployment.ownerOf(port));
  return [name, sources.sort().join(", "), output ? deployment.ownerOf(output) : "none"];
}

/** The cells of a mirror's traffic. */
function outcome(carried: Carried | undefined): string[] {
  if (!carried) return ["nothing", ""];
  const { packets, capture: { frames } } = carried;
  const protocols = [...new Set(frames.map(({ protocol }) => protocol))].sort().reverse();
  const parts = protocols.map((name) =>
    `${frames.filter(({ protocol }) => protocol === name).length} ${name}`
  );
  return [count(packets, "packet"), parts.join(", ")];
}
