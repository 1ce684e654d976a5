/**
 * A server that answers anything but what it should.
 *
 * @module
 */

import type { Fault } from "../support/ovs/fault_proxy.ts";
import type { PluginOutcome } from "../support/cni/plugin.ts";
import {
  discardReplies,
  drip,
  encode,
  lostReply,
  once,
  replies,
  silence,
  withEchoes,
} from "../support/ovs/faults.ts";
import { type Lie, lies } from "./lies.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";
import { NO_SECOND_TRY, type Scene, scenes, type Trial, tryFault } from "./trial.ts";
import { type Caller, type Command, COMMANDS, type Setting } from "./victim.ts";

/** Deadline of a call that the server never answers, in seconds. */
const SHORT = 0.25;

/** Options for trying replies. */
export interface ReplyOptions {
  caller: Caller;
  /** Source of random bytes. */
  random: Random;
  settings: readonly Setting[];
}

/**
 * Tries each fault of a reply on each reply of ADD and DEL.
 *
 * @param tally Where the outcomes are counted.
 * @param options How much is tried.
 */
export async function answerWrongly(tally: Tally, options: ReplyOptions): Promise<void> {
  const { caller, random, settings } = options;
  for await (const scene of scenes(caller, tally, settings)) {
    for (const command of COMMANDS) {
      for (let number = 0; await loseReply(scene, command, number); number++) {
        for (const [name, lie] of Object.entries(lies(random))) {
          await tryLie(scene, command, number, name, lie);
        }
      }
      for (const [name, fault] of Object.entries(HARMLESS)) {
        await tryHarmless(scene, command, name, fault);
      }
      await failGuards(scene, command);
      const fault = { toClient: silence };
      await mustStrike(scene, { name: "no reply", command, fault, seconds: SHORT });
    }
  }
}

async function tryLie(
  scene: Scene,
  command: Command,
  number: number,
  what: string,
  lie: Lie,
): Promise<void> {
  // A call that begins again, as its connection broke, is told the truth.
  const toClient = once(replies((reply, index) => index === number ? lie(reply) : undefined));
  const fault: Fault = { toClient, toServer: discardReplies };
  const trial = { name: `reply ${number} ${what}`, command, fault, isLie: true };
  await mustStrike(scene, trial);
}

/** Returns whether there ever is a reply of that number. */
async function loseReply(scene: Scene, command: Command, number: number): Promise<boolean> {
  const lost = lostReply(number);
  const name = `reply ${number} got lost`;
  const always = { name, command, fault: { toClient: lost }, seconds: NO_SECOND_TRY };
  await tryFault(scene, always, number === 1);
  const trial = { name: `${name} once`, command, fault: { toClient: once(lost) } };
  const { code, stdout, struck } = await tryFault(scene, trial, number === 1);
  scene.tally.require(
    code === 0,
    () => `${scene.victim.label}: ${command}, ${trial.name}: ${stdout}`,
  );
  return struck;
}

async function mustStrike(scene: Scene, trial: Trial): Promise<PluginOutcome> {
  const { struck, ...outcome } = await tryFault(scene, trial, true);
  scene.tally.require(struck, () => `${scene.victim.label}: ${trial.name} did not strike`);
  return outcome;
}

/** The server takes each change and says that its guard failed, until the deadline. */
async function failGuards(scene: Scene, command: Command): Promise<void> {
  const toClient = replies((reply) => {
    const answers = reply.result as { rows?: unknown }[];
    // Selects keep their answers, so only what comes without rows is said to have failed.
    return answers.every(({ rows }) => rows)
      ? undefined
      : [encode({ ...reply, result: answers.map(failedGuard) })];
  });
  const name = "guards fail for ever";
  await mustStrike(scene, { name, command, fault: { toClient }, seconds: SHORT, isLie: true });
}

function failedGuard(_: unknown, index: number): unknown {
  return index === 0 ? {} : index === 1 ? { error: "timed out" } : null;
}

const HARMLESS: Readonly<Record<string, Fault>> = {
  "signs of life asked for in between": withEchoes(),
  "bytes that come one by one": { toClient: drip, toServer: drip },
};

async function tryHarmless(scene: Scene, command: Command, name: string, fault: Fault) {
  const outcome = await mustStrike(scene, { name, command, fault });
  scene.tally.require(
    outcome.code === 0,
    () => `${scene.victim.label}: ${command}, ${name}: failed: ${outcome.stdout}`,
  );
}
