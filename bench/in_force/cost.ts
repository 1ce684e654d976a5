/**
 * Cost of waiting until the switch has applied a mirror.
 *
 * @module
 */

import { ingress } from "../../tests/support/cni/chained.ts";
import { assertSuccess } from "../../tests/support/cni/outcome.ts";
import { callPlugin, prevResult } from "../../tests/support/cni/plugin.ts";
import { BRIDGE } from "../../tests/support/cni/pods.ts";
import { Switch } from "../../tests/support/ovs/switch.ts";
import { fill } from "./fill.ts";

/** Wall times of ADD in milliseconds, one per round, that were measured in turns. */
export interface Cost {
  waiting: number[];
  notWaiting: number[];
}

/** Many ADDs at once. */
export interface Crowd extends Cost {
  /** How often the switch took changes up while the calls ran that waited, one per round. */
  rounds: number[];
}

/**
 * Measures an ADD of a producer with the wait and without it.
 *
 * @param ports How many ports the bridge has.
 * @param rounds How often.
 * @param signal Ends it early.
 */
export async function measureCost(
  ports: number,
  rounds: number,
  signal: AbortSignal,
): Promise<Cost> {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  const [port] = await fill(vswitch, ports);
  const cost: Cost = { waiting: [], notWaiting: [] };
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    cost.waiting.push(await attach(vswitch, [port!], "1"));
    cost.notWaiting.push(await attach(vswitch, [port!], "0"));
  }
  return cost;
}

/**
 * Measures ADDs of as many producers at once, all of one mirror, with the wait and without it.
 *
 * @param calls How many.
 * @param rounds How often.
 * @param signal Ends it early.
 * @returns The times from the start of the first to the end of the last.
 */
export async function measureCrowd(
  calls: number,
  rounds: number,
  signal: AbortSignal,
): Promise<Crowd> {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  const ports = await fill(vswitch, calls);
  const crowd: Crowd = { waiting: [], notWaiting: [], rounds: [] };
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    const before = await reconfigurations(vswitch);
    crowd.waiting.push(
      await attach(vswitch, ports, "1", async () => {
        crowd.rounds.push(await reconfigurations(vswitch) - before);
      }),
    );
    crowd.notWaiting.push(await attach(vswitch, ports, "0"));
  }
  return crowd;
}

/** Attaches ports at once and detaches them; returns how long the former took. */
async function attach(
  vswitch: Switch,
  ports: readonly string[],
  wait: string,
  then: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const start = performance.now();
  await Promise.all(ports.map((port) => call(vswitch, "ADD", port, wait)));
  const taken = performance.now() - start;
  await then();
  await Promise.all(ports.map((port) => call(vswitch, "DEL", port, wait)));
  await vswitch.settle();
  return taken;
}

async function call({ db, node }: Switch, command: "ADD" | "DEL", port: string, wait: string) {
  const outcome = await callPlugin("producer", {
    directory: db.directory,
    command,
    env: { CNI_CONTAINERID: port, OVS_MIRROR_WAIT: wait },
    config: {
      bridge: BRIDGE,
      mirrors: [ingress("m1")],
      socket_file: `unix:${db.socket}`,
      prevResult: prevResult(port),
    },
    through: node.enter,
  });
  assertSuccess(outcome);
}

/** Counts the reconfigurations of the switch. */
async function reconfigurations(vswitch: Switch): Promise<number> {
  return Number(await vswitch.control("coverage/read-counter", "bridge_reconfigure"));
}
