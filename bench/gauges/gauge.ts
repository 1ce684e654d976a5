/**
 * What a gauge is: it runs programs and reads something off them.
 *
 * @module
 */

import type { Finished } from "../../tests/support/process.ts";
import { run } from "../../tests/support/process.ts";
import type { Stage } from "../stage.ts";

/** A program with all that a runtime passes to it. */
export interface Invocation {
  program: string;
  stdin: string | Uint8Array;
  env: Record<string, string>;
}

/** What was read, and what the programs left. */
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

/**
 * Runs a program.
 *
 * @param invocation What to run.
 * @param through The command line that runs it, such as `time`.
 * @returns What it left.
 */
export async function launch(
  { program, stdin, env }: Invocation,
  through: readonly string[] = [],
): Promise<Finished> {
  const [first, ...args] = [...through, program];
  return await run(first!, { args, stdin, env, clearEnv: true, cwd: "/" });
}

/**
 * Runs programs at once.
 *
 * @param invocations What to run.
 * @returns What they left.
 */
export async function launchAll(invocations: readonly Invocation[]): Promise<Finished[]> {
  return await Promise.all(invocations.map((invocation) => launch(invocation)));
}
