/**
 * Pauses.
 *
 * @module
 */

/**
 * Waits, but not after a signal.
 *
 * @param milliseconds How long.
 * @param signal Ends the wait.
 */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
