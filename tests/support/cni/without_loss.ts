/**
 * Torture, briefly, as a test.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Tally } from "../../torture/tally.ts";

/** Minimum numbers of things to try. */
export interface Least {
  cases?: number;
  /** Faults that strike. */
  faults?: number;
}

/**
 * Makes sure that something is tried and nothing is lost.
 *
 * @param run Tries it.
 * @param least How much of it.
 */
export async function withoutLoss(
  run: (tally: Tally) => Promise<void>,
  { cases = 1, faults = 0 }: Least = {},
): Promise<void> {
  const tally = new Tally();
  await run(tally);
  assertEquals(tally.losses, []);
  assert(tally.cases >= cases, `only ${tally.cases} cases were tried`);
  assert(tally.faults >= faults, `only ${tally.faults} faults struck`);
}
