/**
 * GC: takes the ports of attachments that the runtime no longer knows of out of the mirrors.
 *
 * The runtime speaks for one network only, so what is on record of others, or does not say whose it
 * is, is left alone. What fails does not keep the rest from being done.
 *
 * @module
 */

import { parseValidAttachments, type ValidAttachment } from "../../cni/gc.ts";
import { Attempts } from "../attempts.ts";
import type { Call } from "../call.ts";
import { type Departure, detachRecorded } from "../detach/recorded.ts";
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
  if (!valid) return;
  const { endpoint } = await call.configureLeniently();
  const attempts = new Attempts();
  const stale = await findStale(call, valid, attempts);
  const leaving = { configuration: { endpoint, mirrors: [] }, patience: 0, leavesTime: true };
  await attempts.make(() => detachRecorded(call, stale, leaving));
  await attempts.make(async () => {
    const { bridge, endpoint } = await call.configure();
    using session = await call.connect(endpoint);
    await tidy(session, askLeftovers(call.role, { bridges: [bridge], detachments: [] }));
    if (session.hasByHand) await call.endByHand(session);
  });
  attempts.end();
}

async function findStale(
  call: Call,
  valid: readonly ValidAttachment[],
  attempts: Attempts,
): Promise<Departure[]> {
  const { store, request: { configuration: { name: network } } } = call;
  const kept = new Set(valid.map(({ containerID, ifname }) => `${containerID}/${ifname}`));
  const keptEntries = new Set(valid.map((one) => store.entryName(one.containerID, one.ifname)));
  return (await readEntries(store, attempts.fail)).flatMap(({ name, record }) =>
    record.parts.filter((part) => part.network === network && !isKept(part, name))
      .map((part) => ({ entry: name, part, PrevResult: record.PrevResult }))
  );

  /** Version 0.1.0 did not record the container; the entry's name tells. */
  function isKept({ containerId, ifname }: Part, entry: string): boolean {
    return containerId === undefined
      ? keptEntries.has(entry)
      : kept.has(`${containerId}/${ifname}`);
  }
}
