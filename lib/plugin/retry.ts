/**
 * What to do when someone else was faster. Loaded only then.
 *
 * @module
 */

import { chosenPorts } from "../mirror/ports.ts";
import { askAgain } from "../mirror/details.ts";
import { Refusal } from "../mirror/refusal.ts";
import type { Query, Snapshot } from "../mirror/snapshot.ts";
import { OperationError } from "../ovsdb/error.ts";
import type { Session } from "./session.ts";

/** Upper bounds of the pause before a further attempt, in milliseconds; the last one repeats. */
const PAUSES = [4, 8, 16, 32, 64];

/**
 * Reads again, with the names of those who stand in the way, and acts again, until it works out,
 * is refused for good, or the session's deadline is over.
 *
 * @param session The database.
 * @param query What to read.
 * @param act What to do with it.
 * @param snapshot What was read before.
 * @param error How the first attempt ended.
 * @throws {Refusal} The database does not allow it.
 */
export async function tryAgain(
  session: Session,
  query: Query,
  act: (snapshot: Snapshot) => Promise<void>,
  snapshot: Snapshot,
  error: unknown,
): Promise<void> {
  for (let attempt = 0;; attempt++) {
    if (isFailedGuard(error)) await pause(attempt);
    else if (!(error instanceof Refusal) || isExplored(query, snapshot)) throw error;
    snapshot = await session.put(askAgain(query, snapshot));
    try {
      return await act(snapshot);
    } catch (next) {
      error = next;
    }
  }
}

/**
 * Whether it is known where each port and mirror in question is, and who is a mirror's output. A
 * refusal may be premature otherwise, or lack the name of whom to ask.
 */
function isExplored({ bridge, attachment }: Query, snapshot: Snapshot): boolean {
  const { details } = snapshot;
  return details !== undefined &&
    chosenPorts(bridge, attachment?.netns, snapshot).every(({ id }) =>
      details.bridgeOfPort.has(id)
    ) &&
    snapshot.mirrors.every(({ id, output }) =>
      details.bridgeOfMirror.has(id) && (output === undefined || details.portNames.has(output))
    );
}

/**
 * Tells whether a transaction was stopped by one of its guards.
 *
 * @param error What it threw.
 * @returns Whether to try again.
 */
export function isFailedGuard(error: unknown): boolean {
  return error instanceof OperationError && error.isFailedGuard;
}

/**
 * Waits for a random time, so that those who collided do not collide again.
 *
 * @param attempt How many attempts there were, less one.
 */
export function pause(attempt: number): Promise<void> {
  const bound = PAUSES[Math.min(attempt, PAUSES.length - 1)]!;
  return new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
}
