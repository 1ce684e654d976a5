/**
 * Plugins that are killed at any moment of ADD and DEL.
 *
 * @module
 */

import { after } from "../support/ovs/faults.ts";
import { callPlugin, type PluginOutcome } from "../support/cni/plugin.ts";
import { kill } from "./processes.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";
import { type Scene, scenes, type Trial, type TriedOutcome, tryFault } from "./trial.ts";
import { type Command, COMMANDS, KILLED, type Setting } from "./victim.ts";

/** More milliseconds than a call mostly takes. */
const LONG = 60;

/** Bytes that a call moves at most. */
const MOST = { toServer: 2600, toClient: 900 };

/** System calls by which a plugin does what others see. */
const SYSTEM_CALLS = ["connect", "sendto", "recvfrom", "mkdir", "write", "rename", "unlink"];

/** How often each call makes some of them at least; a busy machine may make it more. */
const LEAST: Readonly<Record<string, number>> = { connect: 1, sendto: 2, recvfrom: 2 };

/** Options for killing plugins. */
export interface KillOptions {
  random: Random;
  settings: readonly Setting[];
  /** Kills after a number of bytes, and as many after a time, of each command in each scene. */
  count: number;
}

/**
 * Kills executables after random numbers of bytes and random times.
 *
 * @param tally Where the outcomes are counted.
 * @param options How often.
 */
export async function killPlugins(tally: Tally, options: KillOptions): Promise<void> {
  const { random, settings, count } = options;
  for await (const scene of scenes(callPlugin, tally, settings)) {
    for (const command of COMMANDS) {
      const before = tally.faults;
      for (let index = 0; index < count; index++) {
        await killAfterBytes(scene, command, random);
        await killAfterTime(scene, command, random.below(LONG));
      }
      tally.require(tally.faults > before, () => `${scene.victim.label}: no ${command} was killed`);
    }
  }
}

/**
 * Kills executables before each of the system calls that others see the effect of.
 *
 * @param tally Where the outcomes are counted.
 * @param settings The states of the mirrors before.
 */
export async function killAtSystemCalls(
  tally: Tally,
  settings: readonly Setting[],
): Promise<void> {
  for await (const scene of scenes(callPlugin, tally, settings)) {
    for (const command of COMMANDS) {
      for (const name of SYSTEM_CALLS) {
        let number = 1;
        while (await killAt(scene, command, name, number)) number++;
        tally.require(
          number > (LEAST[name] ?? 0),
          () => `${scene.victim.label}: ${command} was killed at ${name} ${number - 1} times only`,
        );
      }
    }
  }
}

async function killAfterBytes(scene: Scene, command: Command, random: Random): Promise<void> {
  const direction = random.pick(["toServer", "toClient"] as const);
  const bytes = random.below(MOST[direction]);
  const rest = random.pick(["passes", "is lost"] as const);
  let pid = 0;
  const passage = after(bytes, () => kill(pid), rest);
  await tryKill(scene, {
    name: `killed after ${bytes} bytes ${direction}, the rest ${rest}`,
    command,
    fault: { [direction]: passage },
    request: { started: (started) => pid = started },
  });
}

async function killAfterTime(scene: Scene, command: Command, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const started = (pid: number) => {
    timer = setTimeout(() => kill(pid), milliseconds);
  };
  const name = `killed after ${milliseconds} ms`;
  await tryKill(scene, { name, command, request: { started } });
  clearTimeout(timer);
}

/** Returns whether the plugin ever made the system call. */
async function killAt(scene: Scene, command: Command, name: string, number: number) {
  const inject = `inject=${name}:signal=SIGKILL:when=${number}`;
  const { struck } = await tryKill(scene, {
    name: `killed before ${name} number ${number}`,
    command,
    request: {
      through: ["/usr/bin/env", "strace", "-f", "-qq", "-o", "/dev/null"]
        .concat("-e", `trace=${name}`, "-e", inject),
    },
  });
  return struck;
}

async function tryKill(scene: Scene, trial: Trial): Promise<TriedOutcome> {
  const recover = () => scene.proxy.idle();
  const again = scene.tally.faults % 2 === 0;
  const struck = ({ code }: PluginOutcome) => code === KILLED;
  return await tryFault(scene, { ...trial, recover, struck }, again);
}
