/**
 * Checks that calls did what they should. Figures of calls that did not are worth nothing.
 *
 * @module
 */

import type { Finished } from "../tests/support/run/process.ts";
import type { Command } from "./contestant.ts";

/**
 * Makes sure that calls succeeded and printed what CNI wants.
 *
 * @param command What was called; `floor` prints nothing.
 * @param finished What the programs left.
 * @throws {Error} One did not; the message has what it printed.
 */
export function assertSucceeded(command: Command | "floor", finished: readonly Finished[]): void {
  for (const { code, stdout, stderr } of finished) {
    const printed = (stdout + stderr).trim().slice(0, 500);
    if (code !== 0) throw new Error(`${command} ended with status ${code}: ${printed}`);
    const isRight = command === "ADD" ? isResult(stdout) : stdout === "";
    if (!isRight) throw new Error(`${command} printed something else than CNI wants: ${printed}`);
  }
}

function isResult(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text).interfaces);
  } catch {
    return false;
  }
}
