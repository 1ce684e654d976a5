/**
 * Takes what is on record out of the mirrors, and then off the record. What fails keeps nothing else
 * from being done.
 *
 * @module
 */

import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import type { Detachment } from "../../mirror/plan/detach.ts";
import { formatEndpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { ConnectionError, DeadlineError } from "../../ovsdb/error.ts";
import { Attempts } from "../attempts.ts";
import type { Call } from "../call.ts";
import { withEach } from "../pool.ts";
import { type Part, withoutParts } from "../records/record.ts";
import { addressOf, detachNamed, unique, within } from "./attachments.ts";
import { detachPorts } from "./transaction.ts";

/** Parts that one transaction takes care of. */
const GROUP = 100;
/** The server works on some while the files of others are removed. */
const GROUPS_AT_ONCE = 4;
/** Databases that are worked with at the same time. */
const DATABASES_AT_ONCE = 32;

/** A part that is to go. */
export interface RecordedPart {
  /** Name of the entry that it is in. */
  entry: string;
  /** The part. */
  part: Part;
  /** The result of the plugin before, as it was recorded. */
  PrevResult?: unknown;
}

/** Options for detaching. */
export interface DetachOptions {
  /** The bridge of today is cleaned up too. */
  configuration: ReadableConfiguration;
  /** For how long to wait for the switch, in milliseconds. */
  patience: number;
  /** Whether time has to be left for what comes after. */
  leavesTime?: boolean;
}

/**
 * Takes parts out of the mirrors and off the record. Databases are worked with side by side, each
 * for its share of the time: one that hangs holds no other up.
 *
 * @param call The call.
 * @param parts The parts.
 * @param options How to detach them.
 * @throws The first error, once all is done that can be done.
 */
export async function detachRecorded(
  call: Call,
  parts: readonly RecordedPart[],
  options: DetachOptions,
): Promise<void> {
  const attempts = new Attempts();
  const databases = Map.groupBy(
    parts,
    ({ part }) => addressOf(part, options.configuration),
  );
  const rounds = Math.ceil(databases.size / DATABASES_AT_ONCE);
  const share = databases.size > 1 || options.leavesTime
    ? call.deadline.left / 2 / rounds
    : undefined;
  await withEach(
    [...databases],
    ([address, group]) => attempts.make(() => detachFrom(call, { address, share }, group, options)),
    DATABASES_AT_ONCE,
  );
  attempts.end();
}

/** One of several databases, and how long it may take, in milliseconds. */
interface Database {
  address: string;
  share?: number;
}

async function detachFrom(
  call: Call,
  { address, share }: Database,
  parts: readonly RecordedPart[],
  options: DetachOptions,
): Promise<void> {
  const signal = share === undefined ? undefined : AbortSignal.timeout(share);
  const attempts = new Attempts();
  const [known, unknown] = [true, false].map((isKnown) =>
    parts.filter(({ part }) => part.ports.length > 0 === isKnown)
  ) as [RecordedPart[], RecordedPart[]];
  const groups = Array.from(
    { length: Math.ceil(known.length / GROUP) },
    (_, index) => known.slice(index * GROUP, (index + 1) * GROUP),
  );
  const detachTogether = async (group: readonly RecordedPart[]) => {
    await detachPortsOf(call, address, group.map(({ part }) => part), options, signal);
    await forget(call, group, attempts);
  };
  await withEach(groups, async (group) => {
    try {
      await detachTogether(group);
    } catch (error) {
      // Whoever can't be reached is not asked for each part again.
      if (group.length === 1 || isUnreachable(error)) throw error;
      for (const one of group) await attempts.make(() => detachTogether([one]));
    }
  }, GROUPS_AT_ONCE);
  for (const one of unknown) {
    await detachNamed(call, options.configuration, one, signal);
    await forget(call, [one], attempts);
  }
  attempts.end();
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ConnectionError || error instanceof DeadlineError;
}

/** By their rows: another port of the same name is not touched. */
async function detachPortsOf(
  call: Call,
  address: string,
  parts: readonly Part[],
  { configuration, patience }: DetachOptions,
  signal?: AbortSignal,
): Promise<void> {
  const isConfigured = configuration.endpoint && formatEndpoint(configuration.endpoint) === address;
  const bridges = [...parts, ...(isConfigured ? [configuration] : [])]
    .flatMap(({ bridge }) => bridge ?? []);
  const detachments = parts.map(({ ports, mirrors }): Detachment => ({
    ports: ports.map(({ id }) => id),
    // Where none is on record, as in a damaged one, the configuration of today tells.
    mirrors: mirrors.length > 0
      ? mirrors.flatMap((one) => [one, ...(one.rows ?? []).map((id) => ({ id }))])
      : configuration.mirrors.map(({ name }) => ({ name })),
    isRenamed: true,
  }));
  const request = { role: call.role, detachments, bridges: unique(bridges), patience };
  await within(
    call,
    parseEndpoint(address),
    (session) => detachPorts(session, request),
    signal,
  );
}

/**
 * Takes parts off the record. What changed there since stays.
 *
 * @param call The call.
 * @param parts The parts.
 * @param attempts Gets what fails.
 */
export async function forget(
  { store }: Call,
  parts: readonly RecordedPart[],
  attempts: Attempts,
): Promise<void> {
  await withEach([...Map.groupBy(parts, ({ entry }) => entry)], ([entry, group]) => {
    const gone = new Set(group.map(({ part }) => JSON.stringify(part)));
    return attempts.make(() =>
      store.update(entry, (now) => withoutParts(now, (part) => gone.has(JSON.stringify(part))))
    );
  });
}
