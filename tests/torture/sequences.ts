/**
 * Random sequences of calls and of what other programs do, on real switches. After each step all is
 * compared with what was added.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Random } from "./random.ts";
import { add, check, del, gc, status } from "./sequence/calls.ts";
import { cast } from "./sequence/cast.ts";
import { cellsIn } from "./sequence/port_cells.ts";
import { Ledger } from "./sequence/ledger.ts";
import * as mirrors from "./sequence/mirrors.ts";
import * as others from "./sequence/others.ts";
import type { Change, Maker, PluginCall, Stage } from "./sequence/stage.ts";
import { codeOf } from "./sequence/verdicts.ts";
import { World } from "./sequence/world.ts";
import type { Tally } from "./tally.ts";
import type { Caller } from "./victim.ts";

/** How often a step is taken, compared to others. */
const WEIGHTS: readonly [Maker<Change | PluginCall>, number][] = [
  [add, 36],
  [del, 18],
  [check, 9],
  [gc, 3],
  [status, 2],
  [others.plug, 30],
  [others.unplug, 4],
  [others.reboot, 2],
  [others.addBridge, 20],
  [others.removeBridge, 1],
  [mirrors.addMirror, 5],
  [mirrors.removeMirrors, 2],
  [mirrors.fill, 2],
  [mirrors.drain, 2],
  [mirrors.edit, 4],
  [others.reconfigure, 4],
  [others.lose, 7],
];

const MAKERS = WEIGHTS.flatMap(([maker, weight]) => Array(weight).fill(maker) as typeof maker[]);

/** Calls of one sequence; with more, most of what happens has to do with what is left of old pods. */
const LENGTH = 500;

/** Length of a sequence. */
export interface SequenceOptions {
  random: Random;
  /** Calls of plugins; what others do comes in between. */
  steps: number;
  caller: Caller;
}

/**
 * Runs sequences one after the other, each on switches of its own.
 *
 * @param tally Where the outcomes are counted.
 * @param options How long they are together.
 */
export async function runSequences(tally: Tally, options: SequenceOptions): Promise<void> {
  for (let left = options.steps; left > 0; left -= LENGTH) {
    await runSequence(tally, { ...options, steps: Math.min(left, LENGTH) });
  }
}

/**
 * Runs a sequence, up to the first loss.
 *
 * @param tally Where the outcomes are counted.
 * @param options How long it is.
 */
export async function runSequence(tally: Tally, options: SequenceOptions): Promise<void> {
  const { random, steps, caller } = options;
  await using world = await World.start();
  const stage: Stage = {
    random,
    caller,
    world,
    state: await world.read(),
    ledger: new Ledger(),
    plugins: cast(random),
    past: [],
  };
  for (let calls = 0; calls < steps;) {
    const step = random.pick(MAKERS)(stage);
    if (!step) continue;
    if ("call" in step) calls++;
    try {
      if ("call" in step) await call(stage, step, tally);
      else await change(stage, step, tally);
      stage.ledger.assertHeld(cellsIn(stage.state));
      assertEquals(world.entries(), stage.ledger.entries(), "records");
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "AssertionError") throw error;
      tally.losses.push(`call ${calls}, ${step.text}: ${error.message}`);
      return;
    }
  }
}

async function call(stage: Stage, step: PluginCall, tally: Tally): Promise<void> {
  const before = stage.state;
  const outcome = await step.call();
  stage.state = await stage.world.read();
  tally.cases++;
  tally.sum(`${step.command}: ${codeOf(outcome)}`, 1);
  assertEquals(outcome.stderr, "");
  step.judge({ outcome, before, after: stage.state });
}

async function change(stage: Stage, step: Change, tally: Tally): Promise<void> {
  const before = cellsIn(stage.state);
  await step.act();
  stage.state = await stage.world.read();
  tally.sum("changes by others", 1);
  stage.ledger.follow(before, cellsIn(stage.state));
}
