/**
 * Properties: statements that hold for every input, tried on generated ones.
 *
 * They stand in modules of their own, so that the unit tests run them briefly and another program
 * can run them for longer and from another seed.
 *
 * @module
 */

import * as fc from "fast-check";

/** A statement about every input, and the generator of inputs. */
export interface Property {
  /** Description; reads as "symbol() does X". */
  name: string;
  /** The generator and the check. */
  property: fc.IRawProperty<unknown>;
}

/** Extent of the trials. */
export interface Effort {
  /** Seed of the generated inputs: the same seed gives the same inputs. */
  seed: number;
  /** Number of inputs. */
  runs: number;
}

/** Extent for a unit test. */
export const BRIEF: Effort = { seed: 7047, runs: 200 };

/**
 * Tries a property.
 *
 * @param effort How long; as briefly as a unit test unless told otherwise.
 * @throws {Error} It does not hold; the message has the seed and the smallest input found.
 */
export async function hold({ property }: Property, effort: Effort = BRIEF): Promise<void> {
  await fc.assert(property, { seed: effort.seed, numRuns: effort.runs });
}

/**
 * Makes each property a unit test.
 *
 * @param effort How long to try each.
 */
export function testProperties(properties: readonly Property[], effort: Effort = BRIEF): void {
  for (const property of properties) Deno.test(property.name, () => hold(property, effort));
}
