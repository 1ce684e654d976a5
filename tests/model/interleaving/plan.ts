/**
 * Plans of calls that are tried at the same time.
 *
 * @module
 */

import { explore } from "./explore.ts";
import { judge } from "./judge.ts";
import { begin, choices, KINDS, scenarioOf, type Setting, SETTINGS } from "./scenario.ts";

/** Some calls in some settings. */
export interface Plan {
  /** Number of calls at once. */
  calls: number;
  /** Number of them that are killed or cut off, at any moment. */
  faults: number;
  /** Number of GC calls among them; a GC takes many steps. */
  gcs: number;
  settings: readonly (keyof typeof SETTINGS)[];
}

const EVERYWHERE = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

/** Plans that take seconds. */
export const BRIEF: readonly Plan[] = [
  {
    calls: 2,
    faults: 0,
    gcs: 1,
    settings: ["two mirrors", "one mirror, shared", "place for one mirror more"],
  },
  {
    calls: 2,
    faults: 1,
    gcs: 1,
    settings: ["one mirror", "somebody else's mirror", "one name on two bridges"],
  },
  { calls: 3, faults: 0, gcs: 0, settings: ["one mirror"] },
];

/** Plans that take minutes. */
export const WHOLE: readonly Plan[] = [
  { calls: 2, faults: 1, gcs: 1, settings: EVERYWHERE },
  { calls: 2, faults: 0, gcs: 2, settings: EVERYWHERE },
  {
    calls: 3,
    faults: 0,
    gcs: 0,
    settings: ["one mirror, shared", "two mirrors", "somebody else's mirror"],
  },
  { calls: 3, faults: 0, gcs: 1, settings: ["one mirror"] },
  { calls: 3, faults: 1, gcs: 0, settings: ["one mirror"] },
];

/** Result of a plan. */
export interface Findings {
  /** The calls and their setting. */
  scenario: string;
  orders: bigint;
  endings: number;
  /** The first promise that was not kept, and in which order. */
  loss?: string;
}

/**
 * Tries all orders of all that is planned.
 *
 * @returns What came of each scenario.
 */
export async function* tryAll(plans: readonly Plan[]): AsyncGenerator<Findings> {
  for (const { calls, faults, gcs, settings } of plans) {
    for (const place of settings) {
      for (const kinds of choices(KINDS, calls)) {
        if (kinds.filter(({ command }) => command === "GC").length > gcs) continue;
        const names = kinds.map(({ role, command }) => `${command} of a ${role}`);
        const name = `${names.join(", ")}; ${place}; ${faults} faults`;
        const findings = await tryOne(name, scenarioOf(kinds, SETTINGS[place] as Setting, faults));
        if (findings) yield findings;
      }
    }
  }
}

async function tryOne(
  name: string,
  scenario: ReturnType<typeof scenarioOf>,
): Promise<Findings | undefined> {
  const beginning = await begin(scenario);
  if (!beginning) return undefined;
  let loss: string | undefined;
  const { orders, endings } = await explore(beginning, async (ending) => {
    if (loss !== undefined) return;
    await judge(scenario, ending).catch((error) => {
      loss = `${name}: after ${ending.path}: ${error.message}`;
    });
  });
  return { scenario: name, orders, endings, loss };
}
