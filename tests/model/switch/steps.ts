/**
 * ADD, CHECK and DEL on a switch, without configuration, files and results.
 *
 * @module
 */

import { detach } from "../../../lib/plugin/commands/detach.ts";
import { planAttach } from "../../../lib/mirror/attach.ts";
import { planCheck } from "../../../lib/mirror/check.ts";
import { Refusal } from "../../../lib/mirror/refusal.ts";
import type { Session } from "../../../lib/plugin/session.ts";
import { type MirrorCall, queryOf, requestOf } from "../semantics/call.ts";

/**
 * Attaches as ADD does.
 *
 * @param session The database.
 * @param call The request.
 * @returns The refusal, if it was refused.
 */
export async function add(session: Session, call: MirrorCall): Promise<Refusal | undefined> {
  return await refusalOf(session.withSnapshot(queryOf(call), async (snapshot) => {
    await session.change(planAttach(requestOf(call), snapshot));
  }));
}

/**
 * Checks as CHECK does.
 *
 * @param session The database.
 * @param call The request.
 * @returns The refusal, if something is not as it was after ADD.
 */
export async function check(session: Session, call: MirrorCall): Promise<Refusal | undefined> {
  return await refusalOf(session.withSnapshot(queryOf(call), async (snapshot) => {
    const inspection = planCheck(requestOf(call), snapshot);
    inspection.judge(await session.transact(inspection.operations));
  }));
}

/**
 * Detaches as DEL does.
 *
 * @param session The database.
 * @param call The request; an empty network namespace is one that is not known any more.
 */
export async function del(session: Session, call: MirrorCall): Promise<void> {
  const { netns } = call.attachment;
  await detach(session, queryOf(call), netns === "" ? [] : [netns]);
}

async function refusalOf(doing: Promise<void>): Promise<Refusal | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
