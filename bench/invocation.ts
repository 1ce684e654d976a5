/**
 * Programs with all that a runtime passes to them.
 *
 * @module
 */

import { type Finished, run } from "../tests/support/run/process.ts";

/** A program with all that a runtime passes to it. */
export interface Invocation {
  program: string;
  stdin: string | Uint8Array;
  env: Record<string, string>;
}

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
