/**
 * Bounds in time for what the file system does.
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
 * Waits for the file system, but not for longer than the call may take.
 *
 * @param doing What is done with a file.
 * @param signal Aborted at the call's deadline.
 * @param path The file or directory.
 * @returns What came of it.
 * @throws {SlowFileError} The signal was aborted first.
 */
export async function timely<Value>(
  doing: Promise<Value>,
  signal: AbortSignal,
  path: string,
): Promise<Value> {
  try {
    return await untilAborted(doing, signal, "");
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new SlowFileError(`the file system did not answer in time at ${path}`);
  }
}
