/**
 * Torture, briefly, as a test.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Tally } from "../torture/tally.ts";

/**
 * Makes sure that something is tried and nothing is lost.
 *
 * @param run Tries it.
 */
export async function withoutLoss(run: (tally: Tally) => Promise<void>): Promise<void> {
  const tally = new Tally();
  await run(tally);
  assertEquals(tally.losses, []);
  assert(tally.cases > 0, "nothing was tried");
}
