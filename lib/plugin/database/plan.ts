/**
 * The plan of an attachment, with the further questions that options take.
 *
 * @module
 */

import type { AttachRequest } from "../../mirror/config/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { leftoversOf, planAttach } from "../../mirror/plan/attach.ts";
import { UnexplainedRefusal } from "../../mirror/plan/conflicts.ts";
import { isRemovable } from "../../mirror/plan/sweep.ts";
import type { Choice } from "../../mirror/plan/target_rows.ts";
import type { Snapshot } from "../../mirror/snapshot/snapshot.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import type { Session } from "./session.ts";

/**
 * Plans an attachment. If options were read, they are planned too: further consumers get copies of
 * the sources, and unused tunnels are removed.
 *
 * @param request What is to be attached to what.
 * @param choice The ports and rows that were chosen for it.
 * @param snapshot The database as it was read.
 * @param session Asks for sources that are to be copied.
 * @returns The transaction: guards, then the changes.
 * @throws {Refusal} The database does not allow it.
 */
export async function planFor(
  request: AttachRequest,
  choice: Choice,
  snapshot: Snapshot,
  session: Session,
): Promise<Operation[]> {
  try {
    return await plan(request, choice, snapshot, session);
  } catch (error) {
    if (!(error instanceof UnexplainedRefusal)) throw error;
    const { explainConflict } = await import("../../mirror/plan/refusals.ts");
    throw explainConflict(request, error, snapshot);
  }
}

async function plan(
  request: AttachRequest,
  choice: Choice,
  snapshot: Snapshot,
  session: Session,
): Promise<Operation[]> {
  if (!leftoversOf(snapshot).every(isRemovable)) {
    const { removeIdleTunnels } = await import("../../mirror/plan/idle_tunnels.ts");
    const { operations, rest } = await removeIdleTunnels(snapshot, (one) => session.ask(one));
    return [...operations, ...await plan(request, choice, rest, session)];
  }
  if (!snapshot.withOptions) {
    if (request.role.exclusive && choice.mirrors.some(({ rows }) => rows.length > 1)) {
      // Read again with their marks: if one is a copy of another, a consumer takes one of them.
      throw new Refusal("unsuitable mirror", "The mirror has several rows", "try again");
    }
    return planAttach(request, snapshot, undefined, choice);
  }
  const { askSources, planOptions, rowsToCopy } = await import("../../mirror/plan/options.ts");
  const rows = rowsToCopy(choice);
  const sources = rows.length > 0 ? await session.ask(askSources(rows)) : undefined;
  const planner = request.mirrors.some(({ remote }) => remote)
    ? (await import("../../mirror/plan/remote.ts")).planRemote
    : planOptions;
  return planAttach(request, { ...snapshot, sources }, planner, choice);
}
