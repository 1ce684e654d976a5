/**
 * Retries after another client changed the database first. Loaded only then.
 *
 * @module
 */

import { chosenPorts } from "../../mirror/snapshot/ports.ts";
import { askAgain } from "../../mirror/snapshot/obstacles.ts";
import { Refusal } from "../../mirror/refusal.ts";
import type { Query, Question, Snapshot } from "../../mirror/snapshot/snapshot.ts";
import { isFailedGuard, pause } from "../../ovsdb/guarded.ts";

/**
 * Reads again, with the names of conflicting ports and mirrors, and acts again, until it succeeds,
 * is refused for good, or the deadline is over.
 *
 * @param ask Asks the database.
 * @param query What to read.
 * @param act What to do with it.
 * @param snapshot What was read before.
 * @param error How the first attempt ended.
 * @throws {Refusal} The database does not allow it.
 */
export async function tryAgain(
  ask: (question: Question) => Promise<Snapshot>,
  query: Query,
  act: (snapshot: Snapshot) => Promise<void>,
  snapshot: Snapshot,
  error: unknown,
): Promise<void> {
  for (let attempt = 0;; attempt++) {
    if (isFailedGuard(error)) await pause(attempt);
    else if (!(error instanceof Refusal) || isExplored(query, snapshot)) throw error;
    snapshot = await ask(askAgain(query, snapshot));
    try {
      return await act(snapshot);
    } catch (next) {
      error = next;
    }
  }
}

/**
 * Tells whether the place of each port and mirror, and each mirror's output, is known. Otherwise a
 * refusal may be premature, or lack a name.
 */
function isExplored({ bridge, attachment }: Query, snapshot: Snapshot): boolean {
  const { details } = snapshot;
  return details !== undefined &&
    [...chosenPorts(bridge, attachment ?? {}, snapshot), ...(snapshot.tunnels ?? [])].every(
      ({ id }) => details.bridgeOfPort.has(id),
    ) &&
    snapshot.mirrors.every(({ id, output }) =>
      details.bridgeOfMirror.has(id) && (output === undefined || details.portNames.has(output))
    );
}
