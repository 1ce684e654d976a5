/**
 * Random sequences of calls and of what other programs do, on a real switch and on a model of it,
 * compared after each step.
 *
 * @module
 */

import type { PluginOutcome } from "../support/plugin.ts";
import type { Random } from "./random.ts";
import { add, check, del, gc, status } from "./sequence/calls.ts";
import { cast } from "./sequence/cast.ts";
import * as others from "./sequence/others.ts";
import { type Codes, PluginModel } from "./sequence/plugin_model.ts";
import type { Maker, Stage, Step } from "./sequence/stage.ts";
import { World } from "./sequence/world.ts";
import { same, type Tally } from "./tally.ts";
import type { Caller } from "./victim.ts";

/** How often a step is taken, compared to others. */
const WEIGHTS: readonly [Maker, number][] = [
  [add, 32],
  [del, 16],
  [check, 9],
  [gc, 3],
  [status, 2],
  [others.plug, 30],
  [others.unplug, 4],
  [others.addBridge, 20],
  [others.removeBridge, 1],
  [others.addMirror, 5],
  [others.removeMirrors, 2],
  [others.fill, 1],
  [others.drain, 1],
  [others.edit, 4],
  [others.reconfigure, 4],
  [others.damage, 1],
];

const MAKERS = WEIGHTS.flatMap(([maker, weight]) => Array<Maker>(weight).fill(maker));

/** How long a sequence is. */
export interface SequenceOptions {
  random: Random;
  steps: number;
  caller: Caller;
  /** Told how far it is. */
  progress?: (steps: number) => void;
}

/**
 * Runs a sequence, up to the first difference.
 *
 * @param tally Where the outcomes are counted.
 * @param options How long it is.
 */
export async function runSequence(tally: Tally, options: SequenceOptions): Promise<void> {
  const { random, steps, caller, progress } = options;
  await using world = await World.start();
  const stage = { random, caller, model: new PluginModel(), world, attachments: cast(random) };
  for (let number = 1; number <= steps; number++) {
    const step = nextStep(stage);
    const difference = await take(stage, step, tally);
    progress?.(number);
    if (difference === undefined) continue;
    tally.losses.push(`step ${number}, ${step.text}: ${difference}`);
    return;
  }
}

function nextStep(stage: Stage): Step {
  while (true) {
    const step = stage.random.pick(MAKERS)(stage);
    if (step) return step;
  }
}

/** Takes a step on both sides; returns how they differ, if they do. */
async function take(stage: Stage, step: Step, tally: Tally): Promise<string | undefined> {
  const codes = step.model();
  const outcome = await step.real();
  tally.cases++;
  if (outcome) tally.sum(`${step.text.split(" ")[0]}: ${codeOf(outcome)}`, 1);
  return differenceOfOutcome(codes, outcome) ?? await differenceOfState(stage);
}

function differenceOfOutcome(codes: Codes | void, outcome: PluginOutcome | void) {
  if (!codes || !outcome) return undefined;
  const { stdout, stderr } = outcome;
  if (stderr === "" && codes.has(codeOf(outcome))) return undefined;
  return `expected code ${[...codes].join(" or ")}, got ${stdout}${stderr}`;
}

/** 0 for success, otherwise the code of the error. */
function codeOf({ code, json }: PluginOutcome): number {
  return code === 0 ? 0 : Number(json?.code);
}

async function differenceOfState({ model, world }: Stage): Promise<string | undefined> {
  const pairs = [
    [model.views(), await world.views()],
    [model.extras(), await world.extras()],
    [[...model.entries.keys()], world.entries()],
  ];
  for (const [expected, found] of pairs) {
    const [a, b] = [inOrder(expected!), inOrder(found!)];
    if (!same(a, b)) return `expected ${a.join(" ")}, found ${b.join(" ")}`;
  }
  return undefined;
}

function inOrder(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}
