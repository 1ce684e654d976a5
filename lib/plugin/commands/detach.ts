/**
 * What DEL and GC have in common: taking the ports of an attachment out of mirrors.
 *
 * @module
 */

import type { AttachmentRecord } from "../store.ts";
import { type Call, hostInterfaces } from "../call.ts";
import { CniError } from "../../cni/error.ts";
import { parsePrevResult, type Result } from "../../cni/result.ts";
import { emptied, planDetach } from "../../mirror/detach.ts";
import { ask, type Query, SELECT_EMPTY_MIRRORS, type Snapshot } from "../../mirror/snapshot.ts";
import { sweep } from "../../mirror/sweep.ts";
import { guarded } from "../../ovsdb/guarded.ts";
import type { Session } from "../session.ts";
import { ShapeError } from "../../input/shape.ts";

/**
 * Detaches an attachment from mirrors: those given, and those on record.
 *
 * @param call The call.
 * @param session The database.
 * @param record What is on record of the attachment.
 * @param bridge The bridge of the configuration.
 * @param mirrors Names of mirrors on it.
 * @param result What the plugin before returned; what is on record of it unless given.
 */
export async function detachAttachment(
  { role, request }: Call,
  session: Session,
  record: AttachmentRecord,
  bridge: string,
  mirrors: readonly string[],
  result = recordedResult(record),
): Promise<void> {
  const { attachment } = request;
  const sandboxes = result?.interfaces.map(({ sandbox }) => sandbox) ?? [];
  const netns = [attachment.netns, record.netns, ...sandboxes].flatMap((path) => path || []);
  const marks = { netns: netns[0] ?? "", ifname: attachment.ifname || record.ifname || "" };
  for (const [place, names] of mirrorsByBridge(record, bridge, mirrors)) {
    const ports = hostInterfaces(result, place);
    await detach(session, { role, bridge: place, mirrors: names, ports, attachment: marks }, netns);
  }
}

/** The configuration may have changed since ADD; what was attached then has to go too. */
function mirrorsByBridge(
  record: AttachmentRecord,
  bridge: string,
  mirrors: readonly string[],
): Map<string, string[]> {
  const onRecord = record.mirrors ?? [];
  const other = record.bridge ?? bridge;
  if (other === bridge) return new Map([[bridge, [...new Set([...mirrors, ...onRecord])]]]);
  return new Map([[bridge, [...mirrors]], [other, onRecord]]);
}

/**
 * Detaches ports from mirrors and removes the mirrors that are empty then. Success if there is
 * nothing to detach.
 *
 * @param session The database.
 * @param query Which ports and mirrors.
 * @param netns Network namespaces of the attachment, as far as they are known.
 */
export async function detach(
  session: Session,
  query: Query,
  netns: readonly string[],
): Promise<void> {
  // By its marks too: prevResult may name other interfaces, and ADD looks there then.
  const snapshot = await session.ask(ask(query, true));
  const { bridge } = snapshot;
  if (!bridge) return;
  const plan = planDetach(query.role, netns, snapshot);
  const empty = plan.length === 0
    ? snapshot.emptyMirrors.filter((id) => bridge.mirrors.includes(id))
    : emptied(await session.change(plan), snapshot);
  await removeEmpty(session, snapshot, empty);
}

async function removeEmpty(session: Session, snapshot: Snapshot, empty: readonly string[]) {
  await guarded(async (attempt) => {
    if (attempt > 0) empty = emptied(await session.transact([SELECT_EMPTY_MIRRORS]), snapshot);
    if (empty.length > 0) await session.change(sweep(snapshot.bridge!.id, empty));
  });
}

function recordedResult({ PrevResult }: AttachmentRecord): Result | undefined {
  try {
    return PrevResult === undefined ? undefined : parsePrevResult(PrevResult);
  } catch (error) {
    // A damaged entry is as good as none: the port is looked up by its marks.
    if (error instanceof CniError || error instanceof ShapeError) return undefined;
    throw error;
  }
}
