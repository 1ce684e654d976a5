/**
 * Bounds in time for what the file system does.
 *
 * @module
 */

import { untilAborted } from "../ovsdb/deadline.ts";
import { DeadlineError } from "../ovsdb/error.ts";
import type { Deadline } from "./deadline.ts";

/** The file system did not answer before the call's deadline. */
export class SlowFileError extends Error {
  /** Tells this kind of error from others. */
  override name = "SlowFileError";
}

/**
 * Waits for the file system, but not for longer than the call may take.
 *
 * @param doing What is done with a file.
 * @param deadline When the time for the call is over.
 * @param path The file or directory.
 * @returns What came of it.
 * @throws {SlowFileError} The time was over first.
 */
export async function timely<Value>(
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
  // Deno opens files in the very thread that would have noticed.
  if (deadline.left === 0) throw new SlowFileError(tooSlow);
  return value;
}
