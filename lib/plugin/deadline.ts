/**
 * The deadline of a call.
 *
 * @module
 */

import { untilAborted } from "../ovsdb/deadline.ts";
import { DeadlineError } from "../ovsdb/error.ts";

/** The file system did not answer before the call's deadline. */
export class SlowFileError extends Error {
  /** Tells this kind of error from others. */
  override name = "SlowFileError";
}

/**
 * Waits for the file system, at most until the call's deadline.
 *
 * @param doing What is done with a file.
 * @param deadline When the time for the call is over.
 * @param path The file or directory.
 * @returns The result.
 * @throws {SlowFileError} The deadline came first.
 */
export async function inTime<Value>(
  doing: Promise<Value>,
  deadline: Deadline,
  path: string,
): Promise<Value> {
  const tooSlow = `the file system did not answer in time at ${path}`;
  let value: Value;
  try {
    value = await untilAborted(doing, deadline.signal, "");
  } catch (error) {
    if (error instanceof DeadlineError) throw new SlowFileError(tooSlow);
    throw error;
  }
  // Deno opens files in the thread that would run the timer.
  if (deadline.left === 0) throw new SlowFileError(tooSlow);
  return value;
}

/** The end of a call's time, as a signal and as a number. */
export class Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  readonly #end: number;

  /**
   * @param milliseconds How much time there is from now on.
   * @param signal Aborted then.
   */
  constructor(milliseconds: number, signal = AbortSignal.timeout(milliseconds)) {
    this.signal = signal;
    this.#end = performance.now() + milliseconds;
  }

  /** Time that is left, in milliseconds. */
  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }
}
