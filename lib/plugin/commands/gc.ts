/**
 * GC: takes the ports of attachments that the runtime no longer knows of out of the mirrors.
 *
 * The runtime speaks for one network only, so what is on record of others, or does not say whose it
 * is, is left alone. What fails does not keep the rest from being done.
 *
 * @module
 */

import { parseValidAttachments, type ValidAttachment } from "../../cni/gc.ts";
import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import type { Call } from "../call.ts";
import { type AttachmentRecord, type Part, withoutParts } from "../records/record.ts";
import { withEach } from "../pool.ts";
import { readEntries } from "../records/all_records.ts";
import { askLeftovers, tidy } from "../detach/transaction.ts";
import { detachNamed, detachRecorded } from "../detach/attachments.ts";

/** How many entries one transaction takes care of. */
const GROUP = 100;
/** The server works on some while the files of others are removed. */
const GROUPS_AT_ONCE = 4;

/** An entry with parts of attachments that are gone. */
interface StaleEntry {
  name: string;
  record: AttachmentRecord;
  parts: readonly Part[];
}

/** Does something, and keeps the first error for the end. */
class Attempts {
  #first?: { error: unknown };

  async make(doing: () => Promise<void>): Promise<void> {
    try {
      await doing();
    } catch (error) {
      this.#first ??= { error };
    }
  }

  end(): void {
    if (this.#first) throw this.#first.error;
  }
}

/**
 * Carries out GC.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const valid = parseValidAttachments(call.request.configuration.members);
  if (!valid) return;
  const configuration = await call.configureLeniently();
  const stale = await findStale(call, valid);
  const attempts = new Attempts();
  const groups = Array.from(
    { length: Math.ceil(stale.length / GROUP) },
    (_, index) => stale.slice(index * GROUP, (index + 1) * GROUP),
  );
  await withEach(
    groups,
    (group) => removeGroup(call, configuration, group, attempts),
    GROUPS_AT_ONCE,
  );
  await attempts.make(async () => {
    const { bridge, endpoint } = await call.configure();
    using session = await call.connect(endpoint);
    await tidy(session, askLeftovers(call.role, { bridges: [bridge], detachments: [] }));
  });
  attempts.end();
}

async function findStale(call: Call, valid: readonly ValidAttachment[]): Promise<StaleEntry[]> {
  const { store, request: { configuration: { name: network } } } = call;
  const kept = new Set(valid.map(({ containerID, ifname }) => `${containerID}/${ifname}`));
  const keptEntries = new Set(valid.map((one) => store.entryName(one.containerID, one.ifname)));
  return (await readEntries(store)).map(({ name, record }) => {
    const parts = record.parts.filter((part) => part.network === network && !isKept(part, name));
    return { name, record, parts };
  }).filter(({ parts }) => parts.length > 0);

  /** Version 0.1.0 did not record the container; the entry's name tells. */
  function isKept({ containerId, ifname }: Part, entry: string): boolean {
    return containerId === undefined
      ? keptEntries.has(entry)
      : kept.has(`${containerId}/${ifname}`);
  }
}

/** Takes care of entries together, or if that fails, of each alone. */
async function removeGroup(
  call: Call,
  configuration: ReadableConfiguration,
  group: readonly StaleEntry[],
  attempts: Attempts,
): Promise<void> {
  try {
    await remove(call, configuration, group);
  } catch {
    for (const entry of group) await attempts.make(() => remove(call, configuration, [entry]));
  }
}

async function remove(
  call: Call,
  configuration: ReadableConfiguration,
  group: readonly StaleEntry[],
): Promise<void> {
  const recorded = group.flatMap(({ parts }) => parts).filter(({ ports }) => ports.length > 0);
  await detachRecorded(call, { mirrors: [] }, recorded, 0);
  for (const { record: { PrevResult }, parts } of group) {
    for (const part of parts.filter(({ ports }) => ports.length === 0)) {
      await detachNamed(call, { ...configuration, bridge: part.bridge, mirrors: [] }, {
        PrevResult,
        part,
      });
    }
  }
  await withEach(group, async ({ name, parts }) => {
    const gone = new Set(parts.map((part) => JSON.stringify(part)));
    await call.store.update(
      name,
      (now) => withoutParts(now, (part) => gone.has(JSON.stringify(part))),
    );
  });
}
