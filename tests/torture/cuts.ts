/**
 * Connections that break, at every byte of ADD and DEL.
 *
 * @module
 */

import type { Fault } from "../support/ovs/fault_proxy.ts";
import { cutAfter, once } from "../support/ovs/faults.ts";
import type { Tally } from "./tally.ts";
import { NO_SECOND_TRY, type Scene, scenes, tryFault } from "./trial.ts";
import { type Caller, type Command, COMMANDS, type Setting } from "./victim.ts";

const DIRECTIONS = ["toServer", "toClient"] as const satisfies (keyof Fault)[];

/** Options for cutting connections. */
export interface CutOptions {
  caller: Caller;
  settings: readonly Setting[];
  /** The step from one number of bytes to the next. */
  stride: number;
}

/**
 * Cuts the connection after a number of bytes, for each number up to all of them.
 *
 * @param tally Where the outcomes are counted.
 * @param options How often.
 */
export async function cutEverywhere(
  tally: Tally,
  { caller, settings, stride }: CutOptions,
): Promise<void> {
  for await (const scene of scenes(caller, tally, settings)) {
    for (const [place, bytes] of await lengths(scene)) {
      for (let count = 0; count <= bytes; count += stride) await cut(scene, place, count);
    }
  }
}

interface Place {
  command: Command;
  direction: typeof DIRECTIONS[number];
}

async function cut(scene: Scene, { command, direction }: Place, count: number): Promise<void> {
  const name = `cut after ${count} bytes ${direction === "toServer" ? "to" : "from"} the server`;
  const isOnce = count % 4 > 1;
  const fault = { [direction]: isOnce ? once(cutAfter(count)) : cutAfter(count) };
  const seconds = isOnce ? 10 : NO_SECOND_TRY;
  const { code, stdout } = await tryFault(
    scene,
    { name, command, fault, seconds },
    count % 2 === 0,
  );
  scene.tally.require(
    code === 0 || !isOnce,
    () => `${scene.victim.label}: ${command}, ${name}, once: ${stdout}`,
  );
}

/** Measures the bytes that go in each direction during each command. */
async function lengths({ proxy, victim, caller }: Scene): Promise<[Place, number][]> {
  const found: [Place, number][] = [];
  for (const command of COMMANDS) {
    proxy.forget();
    await victim.call(caller, command);
    const { bytesToServer, bytesToClient } = proxy.total();
    found.push([{ command, direction: "toServer" }, bytesToServer]);
    found.push([{ command, direction: "toClient" }, bytesToClient]);
  }
  return found;
}
