/**
 * Bounds in time.
 *
 * @module
 */

import { DeadlineError } from "./error.ts";

/**
 * Waits for a promise, but not for longer than a signal allows.
 *
 * @param promise What to wait for.
 * @param signal Ends the wait.
 * @param message What to say then.
 * @returns The promise's value.
 * @throws {DeadlineError} The signal was aborted first.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  message: string,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new DeadlineError(message));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}
