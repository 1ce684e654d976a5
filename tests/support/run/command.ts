/**
 * Calls of the executables as a person makes them.
 *
 * @module
 */

import { executable, type RoleName } from "../cni/plugin.ts";
import { type Finished, run, type RunOptions } from "./process.ts";

/** Options of a command, besides its arguments. */
export interface CommandOptions extends Pick<RunOptions, "env" | "stdin" | "started"> {
  /** The executable to run; both have all commands. */
  role?: RoleName;
}

/**
 * Calls an executable without any variable of CNI.
 *
 * @param args The command line.
 * @param options How else.
 * @returns What it left.
 */
export function command(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const { role = "producer", ...rest } = options;
  return run(executable(role), { ...rest, args, clearEnv: true, cwd: "/" });
}

/**
 * Calls an executable on a terminal.
 *
 * @param words The command line, of words that a shell takes as they are.
 * @param columns How wide the terminal is.
 * @param env Environment variables.
 * @returns What it left; all of it is in `stdout`.
 */
export async function commandOnTerminal(
  words: readonly string[],
  columns: number,
  env: Record<string, string> = {},
): Promise<Finished> {
  const line = `stty cols ${columns} rows 50; exec ${[executable("producer"), ...words].join(" ")}`;
  const PATH = Deno.env.get("PATH")!;
  const args = ["-qec", line, "/dev/null"];
  const finished = await run("script", { args, env: { PATH, ...env }, clearEnv: true });
  return { ...finished, stdout: finished.stdout.replaceAll("\r\n", "\n") };
}
