/**
 * Answers that a server owes until something happens in its database.
 *
 * ovsdb-server 2.15 does not look again at what a transaction waits for when the database changes,
 * only when something else wakes it, which may take 2.5 seconds.
 *
 * @module
 */

/** Milliseconds before the server is woken again; the last one repeats. */
const PAUSES = [10, 20, 40, 80];

/**
 * Wakes a server again and again until it has answered.
 *
 * @param answer What it owes.
 * @param wake Asks it for anything else. How that ends does not matter.
 * @returns The answer.
 */
export async function keepAwake<Value>(
  answer: Promise<Value>,
  wake: () => Promise<unknown>,
): Promise<Value> {
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = setTimeout(() => {
      wake().catch(() => {});
      next();
    }, PAUSES[Math.min(count++, PAUSES.length - 1)]);
  };
  next();
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
