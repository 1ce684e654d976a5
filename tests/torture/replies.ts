/**
 * A server that answers anything but what it should.
 *
 * @module
 */

import type { Fault } from "../support/fault_proxy.ts";
import {
  discardReplies,
  drip,
  encode,
  lostReply,
  replies,
  silence,
  withEchoes,
} from "../support/faults.ts";
import { type Lie, lies } from "./lies.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";
import { type Scene, scenes, tryFault } from "./trial.ts";
import { type Caller, type Command, COMMANDS, type Setting } from "./victim.ts";

/** Replies in a call: the read, the change, and in a DEL that empties a mirror the clean-up. */
const REPLIES = [0, 1, 2];

/** Deadline of a call that the server never answers, in seconds. */
const SHORT = 0.25;

/** How much is tried. */
export interface ReplyOptions {
  caller: Caller;
  /** Where random bytes come from. */
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
      for (const number of REPLIES) {
        for (const [name, lie] of Object.entries(lies(random))) {
          await tryLie(scene, command, number, name, lie);
        }
        await loseReply(scene, command, number);
      }
      for (const [name, fault] of Object.entries(HARMLESS)) {
        await tryHarmless(scene, command, name, fault);
      }
      await failGuards(scene, command);
      const fault = { toClient: silence };
      await tryFault(scene, { name: "no reply", command, fault, seconds: SHORT }, true);
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
  const toClient = replies((reply, index) => index === number ? lie(reply) : [encode(reply)]);
  const fault: Fault = { toClient, toServer: discardReplies };
  await tryFault(scene, { name: `reply ${number} ${what}`, command, fault, isLie: true }, true);
}

async function loseReply(scene: Scene, command: Command, number: number): Promise<void> {
  const fault = { toClient: lostReply(number) };
  await tryFault(scene, { name: `reply ${number} got lost`, command, fault }, number === 1);
}

/** The server takes each change and says that its guard failed, until the deadline. */
async function failGuards(scene: Scene, command: Command): Promise<void> {
  const toClient = replies((reply, index) =>
    index === 0 ? [encode(reply)] : [encode({ ...reply, result: failedGuards(reply.result) })]
  );
  const name = "guards fail for ever";
  await tryFault(scene, { name, command, fault: { toClient }, seconds: SHORT, isLie: true }, true);
}

/** Selects keep their answers, so only what comes without rows is said to have failed. */
function failedGuards(answers: unknown): unknown {
  const all = answers as { rows?: unknown }[];
  return all.every(({ rows }) => rows)
    ? all
    : all.map((_, index) => index === 0 ? {} : index === 1 ? { error: "timed out" } : null);
}

const HARMLESS: Readonly<Record<string, Fault>> = {
  "signs of life asked for in between": withEchoes(),
  "bytes that come one by one": { toClient: drip, toServer: drip },
};

async function tryHarmless(scene: Scene, command: Command, name: string, fault: Fault) {
  const outcome = await tryFault(scene, { name, command, fault }, true);
  scene.tally.require(
    outcome.code === 0,
    () => `${scene.victim.label}: ${command}, ${name}: failed: ${outcome.stdout}`,
  );
}
