/**
 * Where programs run: on the machine itself or in namespaces of our own.
 *
 * @module
 */

import { type Finished, run, type RunOptions, succeed } from "./process.ts";

/** Namespaces that programs can be run in. */
export class Place {
  /**
   * @param enter The command that runs another one there; empty for the machine itself.
   */
  constructor(readonly enter: readonly string[] = []) {}

  /**
   * Runs a program there, to its end.
   *
   * @param program Its name or path.
   * @param options Arguments, standard input and environment.
   * @returns What it left.
   */
  run(program: string, options: RunOptions = {}): Promise<Finished> {
    const [first, ...args] = [...this.enter, program, ...options.args ?? []];
    return run(first!, { ...options, args });
  }

  /**
   * Runs a program there that has to succeed.
   *
   * @param program Its name or path.
   * @returns Its standard output.
   * @throws {Error} It failed; the message has what it wrote.
   */
  succeed(program: string, ...args: string[]): Promise<string> {
    const [first, ...rest] = [...this.enter, program, ...args];
    return succeed(first!, ...rest);
  }
}
