/**
 * How ports leave mirrors: the change, and what has to follow it.
 *
 * @module
 */

import { type Detachment, planDetach } from "../../mirror/detach.ts";
import { calm, COUNT_UP, nudge, numberOf, untilInForce } from "../../mirror/in_force.ts";
import type { Role } from "../../mirror/role.ts";
import { askEmpty, type EmptyMirrors, sweep } from "../../mirror/sweep.ts";
import { guarded } from "../../ovsdb/guarded.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import type { Session } from "../session.ts";

/** For how long the switch is waited for at most, in milliseconds: it may not run any more. */
const PATIENCE = 2000;

/** What leaves, and how. */
export interface Departure {
  /** The role in which the ports were attached. */
  role: Role;
  /** What leaves what. */
  detachments: readonly Detachment[];
  /** Names of the bridges to clean up. */
  bridges: readonly string[];
  /** For how long to wait until the switch has taken it up, in milliseconds; 0: not at all. */
  patience: number;
}

/**
 * Takes ports out of mirrors, then removes the mirrors that are empty. Returns when the switch has
 * it, or has had time enough: what is in the database is done, whether the switch runs or not.
 *
 * @param session The database.
 * @param departure What leaves.
 */
export async function depart(session: Session, departure: Departure): Promise<void> {
  const { role, detachments, bridges, patience } = departure;
  const ports = [...new Set(detachments.flatMap(({ ports }) => ports))];
  const emptiness = askEmpty(bridges);
  const detaching = detachments.flatMap((detachment) => planDetach(role, detachment));
  const nudging = nudge(ports);
  const operations = [...detaching, ...nudging, ...COUNT_UP, ...emptiness.operations];
  const results = await session.change(operations);
  const rest = results.slice(detaching.length + nudging.length);
  const nudges = results.slice(detaching.length, detaching.length + nudging.length);
  const wait = nudges.some(({ count }) => count) && patience > 0
    ? [untilInForce(numberOf(rest[1]), Math.min(patience, PATIENCE))]
    : [];
  // Three operations for each port, the last one counts if the nudge is there now.
  const restless = ports.filter((_, index) => nudges[3 * index + 2]?.count);
  const after = [...wait, ...restless.map(calm)];
  await tidy(session, bridges, after, emptiness.read(rest.slice(COUNT_UP.length)));
}

/**
 * Removes the mirrors of bridges that nobody uses, whoever left them.
 *
 * @param session The database.
 * @param bridges Names of the bridges.
 * @param first What is done in the same transaction, before.
 * @param found The mirrors, as far as they are known.
 */
export async function tidy(
  session: Session,
  bridges: readonly string[],
  first: readonly Operation[] = [],
  found?: readonly EmptyMirrors[],
): Promise<void> {
  const emptiness = askEmpty(bridges);
  await guarded(async (attempt) => {
    const empty = attempt === 0 && found ? found : await session.ask(emptiness);
    // A switch that does not answer must not keep a mirror from being removed.
    const before = attempt === 0 ? first : first.filter(({ op }) => op !== "wait");
    const removal = empty.flatMap(({ bridge, mirrors }) => sweep(bridge, mirrors));
    if (before.length + removal.length > 0) await session.change([...before, ...removal]);
  });
}

/** How long a DEL waits for the switch. */
export function patienceOf({ waits, deadline }: { waits: boolean; deadline: { left: number } }) {
  return waits ? deadline.left / 2 : 0;
}
