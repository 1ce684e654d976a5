/**
 * Records of dead attachments, whose network namespaces or ports are gone.
 *
 * @module
 */

import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import { parseEndpoint } from "../../ovsdb/endpoint.ts";
import { isRow, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { inTime } from "../deadline.ts";
import { Attempts } from "../attempts.ts";
import type { Call } from "../call.ts";
import { withEach } from "../pool.ts";
import { type Entry, readEntries } from "../records/all_records.ts";
import { isNetnsGone } from "../records/netns.ts";
import { isOf, type Part } from "../records/record.ts";
import { addressOf, within } from "./attachments.ts";
import { forget, type RecordedPart } from "./recorded.ts";

/** Records that a call for another attachment looks at. */
const GLANCE = 32;

/** Time that such a call spends on a database, in milliseconds. */
const PATIENCE = 1000;

/**
 * Lists the parts of records.
 *
 * @param entries The entries.
 * @param isMeant Whether a part is of interest.
 * @returns The parts.
 */
export function recordedParts(
  entries: readonly Entry[],
  isMeant: (part: Part, entry: string) => boolean,
): RecordedPart[] {
  return entries.flatMap(({ name, record: { parts, PrevResult } }) =>
    parts.filter((part) => isMeant(part, name)).map((part) => ({ entry: name, part, PrevResult }))
  );
}

/**
 * Finds the parts whose network namespaces are gone.
 *
 * @param call The call, for its deadline.
 * @param parts The parts.
 * @returns The parts found.
 */
export async function withoutNetns(
  { deadline }: Call,
  parts: readonly RecordedPart[],
): Promise<RecordedPart[]> {
  const looking = withEach(parts, ({ part }) => isNetnsGone(part.netns));
  const gone = await inTime(looking, deadline, "the network namespaces on record");
  return parts.filter((_, index) => gone[index]);
}

/**
 * Finds the parts whose ports are gone, all of them. Databases are asked side by side.
 *
 * @param call The call.
 * @param parts The parts; those without ports are not found.
 * @param configuration Says where parts are of which it is not on record.
 * @param milliseconds For how long a database is asked.
 * @param fail Gets what went wrong.
 * @returns The parts found.
 */
export async function withoutPorts(
  call: Call,
  parts: readonly RecordedPart[],
  configuration: ReadableConfiguration,
  milliseconds: number,
  fail: (error: unknown) => void,
): Promise<RecordedPart[]> {
  const known = parts.filter(({ part }) => part.ports.length > 0);
  const gone: RecordedPart[] = [];
  await withEach(
    [...Map.groupBy(known, ({ part }) => addressOf(part, configuration))],
    async ([address, group]) => {
      const ids = group.flatMap(({ part }) => part.ports.map(({ id }) => id));
      const ask = ids.map((id) => select("Port", [isRow(id)], ["_uuid"]));
      await within(call, parseEndpoint(address), async (session) => {
        const results = await session.transact(ask);
        const there = new Set(
          ids.filter((_, index) => selectedRows(results[index]).length > 0),
        );
        gone.push(...group.filter(({ part }) => part.ports.every(({ id }) => !there.has(id))));
      }, AbortSignal.timeout(milliseconds)).catch(fail);
    },
  );
  return gone;
}

/**
 * Removes the records of other attachments whose ports and network namespace are both gone, as a
 * runtime may never call DEL for them. Failures are left to a later call.
 *
 * @param call The call.
 * @param configuration Says where parts are of which it is not on record.
 */
export async function forgetDead(call: Call, configuration: ReadableConfiguration): Promise<void> {
  const isOwn = isOf(call.owner);
  const attempts = new Attempts();
  await attempts.make(async () => {
    const entries = await readEntries(call.store, { most: GLANCE });
    const others = recordedParts(entries, (part) => !isOwn(part));
    const candidates = await withoutNetns(call, others);
    const dead = await withoutPorts(call, candidates, configuration, PATIENCE, attempts.fail);
    await forget(call, dead, attempts);
  });
}
