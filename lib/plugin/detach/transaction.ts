/**
 * The transaction that detaches ports, and the clean-up after it.
 *
 * @module
 */

import { type Detachment, planDetach } from "../../mirror/plan/detach.ts";
import { bringIntoForce, takeNudgeBack, untilInForce } from "../../mirror/switch/in_force.ts";
import type { Role } from "../../mirror/role.ts";
import { askEmpty, type EmptyMirrors, sweep } from "../../mirror/plan/sweep.ts";
import { guarded } from "../../ovsdb/guarded.ts";
import { type Operation, select } from "../../ovsdb/operation.ts";
import { SELECT_BY_HAND } from "../../mirror/snapshot/snapshot.ts";
import { OperationError, type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import type { Session } from "../database/session.ts";

/** Longest wait for the switch, in milliseconds: it may not be running. */
const PATIENCE = 2000;

/** Ports to detach, and options. */
export interface DetachRequest {
  /** The role in which the ports were attached. */
  role: Role;
  /** The ports to detach, and the mirrors they leave. */
  detachments: readonly Detachment[];
  /** Names of the bridges to clean up. */
  bridges: readonly string[];
  /** Longest wait until the switch has applied it, in milliseconds; 0: none. */
  patience: number;
  /** The question for tunnels that may be unused, if copies were sent to a far end. */
  tunnels?: LeftoversQuestion;
  /** Guards and changes that go first. */
  first?: readonly Operation[];
}

/**
 * Takes ports out of mirrors, then removes the empty mirrors. Returns when the switch has applied
 * it or the wait is over: the change is in the database, whether the switch runs or not.
 *
 * @param session The database.
 * @param request What leaves what, and how.
 */
export async function detachPorts(session: Session, request: DetachRequest): Promise<void> {
  const { role, detachments, patience, first = [] } = request;
  const ports = [...new Set(detachments.flatMap(({ ports }) => ports))];
  const leftovers = askLeftovers(role, request);
  const detaching = [
    ...first,
    ...await removeOptions(detachments),
    ...detachments.flatMap((detachment) => planDetach(role, detachment)),
  ];
  const inForce = bringIntoForce(ports);
  const results = (await session.change([
    ...detaching,
    ...inForce.operations,
    ...leftovers.operations,
  ])).slice(detaching.length);
  const numbered = inForce.read(results.splice(0, inForce.operations.length));
  const wait = numbered.isNudged && patience > 0
    ? [untilInForce(await session.numberOf(numbered), Math.min(patience, PATIENCE))]
    : [];
  // A nudge has no effect if it is removed before the switch has seen it.
  const after = wait.length > 0 ? [...wait, ...numbered.nudged.map(takeNudgeBack)] : [];
  await tidy(session, leftovers, after, await leftovers.read(session, results));
}

/** Operations that remove what is unused after ports were detached. */
type Leftovers = Operation[];

/** The question for what is unused, from whose answers the removal is planned. */
export interface LeftoversQuestion {
  operations: Operation[];
  read(session: Session, results: OperationResult[]): Promise<Leftovers>;
}

/**
 * Asks which mirrors are unused: empty ones of the bridges, and of several rows of a name those
 * without an output.
 *
 * @param role The role of the ports that left.
 * @param request The bridges, the mirrors that were left, and the question for unused tunnels.
 * @returns The question.
 */
export function askLeftovers(
  { exclusive }: Role,
  { bridges, detachments, tunnels }: Pick<DetachRequest, "bridges" | "detachments" | "tunnels">,
): LeftoversQuestion {
  const emptiness = askEmpty(bridges);
  const mirrors = exclusive ? detachments.flatMap(({ mirrors }) => mirrors) : [];
  const names = new Set(mirrors.flatMap(({ name }) => name ?? []));
  const columns = ["_uuid", "name", "output_port", "external_ids"];
  const rows = Array.from(names, (name) => select("Mirror", [["name", "==", name]], columns));
  return {
    operations: [
      SELECT_BY_HAND,
      ...emptiness.operations,
      ...rows,
      ...tunnels?.operations ?? [],
    ],
    async read(session, [byHand, ...results]) {
      session.hasByHand ||= selectedRows(byHand).length > 0;
      const count = emptiness.operations.length;
      const empty = emptiness.read(results.slice(0, count));
      const gone = new Set(empty.flatMap(({ mirrors }) => mirrors.map(({ id }) => id)));
      return [
        ...await removeEmpty(session, empty),
        ...await removeSurplus(results.splice(count, rows.length), gone),
        ...await tunnels?.read(session, results.slice(count)) ?? [],
      ];
    },
  };
}

/**
 * Plans the removal of empty mirrors, and of the tunnels that only they used. The code for tunnels
 * is loaded only if there are any.
 *
 * @param session The database.
 * @param empty The mirrors.
 * @returns The operations.
 */
export async function removeEmpty(
  session: Session,
  empty: readonly EmptyMirrors[],
): Promise<Operation[]> {
  const withTunnels = empty.flatMap(({ mirrors }) => mirrors).filter(({ output }) => output);
  if (withTunnels.length === 0) {
    return empty.flatMap(({ bridge, mirrors }) => sweep(bridge, mirrors));
  }
  const { askTunnels, removeTunnels } = await import("../../mirror/plan/idle_tunnels.ts");
  const users = await session.ask(askTunnels(withTunnels));
  return empty.flatMap(({ bridge, mirrors }) => {
    const removal = removeTunnels(mirrors, users);
    return [...removal.operations, ...sweep(bridge, removal.mirrors)];
  });
}

async function removeSurplus(
  results: OperationResult[],
  gone: ReadonlySet<string>,
): Promise<Operation[]> {
  if (results.every(({ rows }) => !rows || rows.length < 2)) return [];
  const { findSurplus, planRemoval } = await import("../../mirror/plan/remove_options.ts");
  return planRemoval(
    findSurplus(results).filter(({ id, stays }) => !gone.has(id) && !gone.has(stays)),
  );
}

/** Options on record are removed with their consumer. */
async function removeOptions(detachments: readonly Detachment[]): Promise<Operation[]> {
  const any = detachments.some(({ mirrors }) =>
    mirrors.some((mirror) => "options" in mirror && mirror.options)
  );
  return any
    ? (await import("../../mirror/plan/remove_options.ts")).planOptionsRemoval(detachments)
    : [];
}

/**
 * Removes what is unused, whichever call left it.
 *
 * @param session The database.
 * @param question Asks for it.
 * @param first What is done in the same transaction, before; left out if the switch keeps it waiting.
 * @param found The removal, as far as it is planned.
 */
export async function tidy(
  session: Session,
  question: LeftoversQuestion,
  first: readonly Operation[] = [],
  found?: Leftovers,
): Promise<void> {
  await guarded(async (attempt) => {
    const again = attempt > 0 || !found;
    const removal = again
      ? await question.read(session, await session.transact(question.operations))
      : found;
    try {
      if (first.length + removal.length > 0) await session.change([...first, ...removal]);
    } catch (error) {
      // A switch that does not answer must not prevent the removal of a mirror.
      if (error instanceof OperationError && first.includes(error.operation!)) first = [];
      throw error;
    }
  });
}

/** Returns how long a DEL waits for the switch. */
export function patienceOf({ waits, deadline }: { waits: boolean; deadline: { left: number } }) {
  return waits ? deadline.left / 2 : 0;
}
