/**
 * GC: detaches the ports of attachments that the runtime no longer knows.
 *
 * The runtime speaks for one network only, so records of others, or of no known network, are left
 * alone. A failure does not stop the rest.
 *
 * Some runtimes pass `null` as the list, whether there are no attachments or they count them to
 * another network: then only dead attachments are removed.
 *
 * @module
 */

import { parseValidAttachments, type ValidAttachment } from "../../cni/gc.ts";
import { Attempts } from "../attempts.ts";
import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import type { Call } from "../call.ts";
import { recordedParts, withoutNetns, withoutPorts } from "../detach/dead.ts";
import { detachRecorded, type RecordedPart } from "../detach/recorded.ts";
import { askLeftovers, tidy } from "../detach/transaction.ts";
import { readEntries } from "../records/all_records.ts";
import type { Part } from "../records/record.ts";

/**
 * Carries out GC.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const valid = parseValidAttachments(call.request.configuration.members);
  if (valid === undefined) return;
  const { endpoint } = await call.configureLeniently();
  const configuration = { endpoint, mirrors: [] };
  const attempts = new Attempts();
  const stale = await findStale(call, valid ?? [], attempts);
  const options = { configuration, patience: 0, leavesTime: true };
  const gone = valid === null ? await dead(call, stale, configuration, attempts) : stale;
  await attempts.make(() => detachRecorded(call, gone, options));
  await attempts.make(async () => {
    const { bridge, endpoint } = await call.configure();
    using session = await call.connect(endpoint);
    const tunnels = (await import("../detach/unused_tunnels.ts")).askAllTunnels();
    await tidy(session, askLeftovers(call.role, { bridges: [bridge], detachments: [], tunnels }));
    if (session.hasByHand) await call.endByHand(session);
  });
  attempts.end();
}

/** Checks network namespaces first: databases are asked only about the ports of the others. */
async function dead(
  call: Call,
  stale: readonly RecordedPart[],
  configuration: ReadableConfiguration,
  attempts: Attempts,
): Promise<RecordedPart[]> {
  const alone = new Set(await withoutNetns(call, stale));
  const others = stale.filter((one) => !alone.has(one));
  const time = call.deadline.left / 4;
  return [...alone, ...await withoutPorts(call, others, configuration, time, attempts.fail)];
}

async function findStale(
  call: Call,
  valid: readonly ValidAttachment[],
  attempts: Attempts,
): Promise<RecordedPart[]> {
  const { store, request: { configuration: { name: network } } } = call;
  const kept = new Set(valid.map(({ containerID, ifname }) => `${containerID}/${ifname}`));
  const keptEntries = new Set(valid.map((one) => store.entryName(one.containerID, one.ifname)));
  return recordedParts(
    await readEntries(store, { unreadable: attempts.fail }),
    (part, entry) => part.network === network && !isKept(part, entry),
  );

  /** A damaged record may lack the container; the entry's name tells it. */
  function isKept({ containerId, ifname }: Part, entry: string): boolean {
    return containerId === undefined
      ? keptEntries.has(entry)
      : kept.has(`${containerId}/${ifname}`);
  }
}
