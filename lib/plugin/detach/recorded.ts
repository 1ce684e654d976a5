/**
 * Detaches the ports on record, then removes their records. A failure does not stop the rest.
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

/** Most parts that one transaction detaches. */
const GROUP = 100;
/** Groups at the same time: the server works on some while the files of others are removed. */
const GROUPS_AT_ONCE = 4;
/** Most databases that are used at the same time. */
const DATABASES_AT_ONCE = 32;

/** A part of a record, to be detached. */
export interface RecordedPart {
  /** Name of its entry. */
  entry: string;
  /** The part. */
  part: Part;
  /** The result of the plugin before, as it was recorded. */
  PrevResult?: unknown;
}

/** Options for detaching. */
export interface DetachOptions {
  /** The current configuration, whose bridge is cleaned up too. */
  configuration: ReadableConfiguration;
  /** Longest wait for the switch, in milliseconds. */
  patience: number;
  /** True to leave time for further work. */
  leavesTime?: boolean;
}

/**
 * Detaches parts and removes them from their records. Databases are used concurrently, each for its
 * share of the time, so that one that hangs does not delay the others.
 *
 * @param call The call.
 * @param parts The parts.
 * @param options How to detach them.
 * @throws The first error, after everything else is done.
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

/** One of several databases, and its share of the time in milliseconds. */
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
      // An unreachable database is not tried again for each part.
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

/** Detaches ports by their rows: another port of the same name is not touched. */
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
    // A damaged record may have none: then those of the current configuration are used.
    mirrors: mirrors.length > 0
      ? mirrors.flatMap((one) => [one, ...(one.rows ?? []).map((id) => ({ id }))])
      : configuration.mirrors.map(({ name }) => ({ name })),
    isRenamed: true,
  }));
  const remotes = parts.flatMap(({ mirrors }) => mirrors.flatMap(({ remote }) => remote ?? []));
  const request = {
    role: call.role,
    detachments,
    bridges: unique(bridges),
    patience,
    ...(remotes.length > 0 && {
      tunnels: (await import("./unused_tunnels.ts")).askTunnelsTo(unique(remotes)),
    }),
  };
  await within(
    call,
    parseEndpoint(address),
    (session) => detachPorts(session, request),
    signal,
  );
}

/**
 * Removes parts from their records. Parts that have changed since then stay.
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
