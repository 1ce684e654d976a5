/**
 * What a gauge is: it runs programs and reads something off them.
 *
 * @module
 */

import type { Finished } from "../../tests/support/run/process.ts";
import type { Invocation } from "../invocation.ts";
import type { Stage } from "../stage.ts";

/** A reading, and the output of the programs. */
export interface Reading {
  /** Figures by name; the names of one gauge are always the same. */
  values: Record<string, number>;
  finished: Finished[];
}

/**
 * Runs programs at once, and measures them.
 *
 * @param stage The switch that they work on.
 * @param invocations What to run.
 */
export type Gauge = (stage: Stage, invocations: readonly Invocation[]) => Promise<Reading>;
