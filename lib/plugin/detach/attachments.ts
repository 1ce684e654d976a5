/**
 * Detaches ports that are not on record, found by names and marks.
 *
 * @module
 */

import { asResult, isResult } from "../../cni/result.ts";
import { DEFAULT_SOCKET } from "../../mirror/config/config.ts";
import {
  askWhereabouts,
  chooseDetachment,
  type Detachment,
  ownPorts,
} from "../../mirror/plan/detach.ts";
import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import { ask, type Snapshot } from "../../mirror/snapshot/snapshot.ts";
import type { EmptyMirrors } from "../../mirror/plan/sweep.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { OvsdbError } from "../../ovsdb/error.ts";
import { type Call, hostInterfaces, MAX_INTERFACES } from "../call.ts";
import { isOf, type Part } from "../records/record.ts";
import type { Session } from "../database/session.ts";
import { askLeftovers, detachPorts, patienceOf, removeEmpty, tidy } from "./transaction.ts";

/** Information about an attachment whose ports are not on record. */
export interface Traces {
  /** The result of the plugin before, as it was recorded. */
  PrevResult?: unknown;
  /** Its part of a record that is damaged and lacks the ports. */
  part?: Part;
}

/**
 * Runs a task with one of several databases; errors name the database.
 *
 * @param call The call.
 * @param endpoint The database.
 * @param act What to do.
 * @param signal Ends it before the call's time is over.
 */
export async function within(
  call: Call,
  endpoint: Endpoint,
  act: (session: Session) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    using session = await call.connect(endpoint, signal);
    await act(session);
    if (session.hasByHand) await call.endByHand(session);
  } catch (error) {
    if (error instanceof OvsdbError) error.server ??= endpoint;
    throw error;
  }
}

/**
 * Returns the database that a part was attached in; if the record lacks it, the configured one.
 *
 * @param part The part.
 * @param configuration The configuration of today.
 * @returns The database's address.
 */
export function addressOf({ database }: Part, { endpoint }: ReadableConfiguration): string {
  try {
    if (database !== undefined) return formatEndpoint(parseEndpoint(database));
  } catch {
    // Treated as missing.
  }
  return formatEndpoint(endpoint ?? DEFAULT_ENDPOINT);
}

/**
 * Detaches the ports that names and marks tell of an attachment: those that its result names, or if
 * the switch has none of them, those that the `ovs` plugin marked.
 *
 * @param call The call.
 * @param configuration The database, the bridge and the mirrors, as far as they can be read.
 * @param traces What else is known.
 * @param signal Ends it before the call's time is over.
 */
export async function detachNamed(
  call: Call,
  configuration: ReadableConfiguration,
  traces: Traces = {},
  signal?: AbortSignal,
): Promise<void> {
  const { part } = traces;
  const endpoint = part ? parseEndpoint(addressOf(part, configuration)) : configuration.endpoint;
  if (!endpoint) return;
  const mirrors = unique(
    [...configuration.mirrors, ...part?.mirrors ?? []].map(({ name }) => name),
  );
  const bridges = unique([part?.bridge, configuration.bridge].filter((name) => name !== undefined));
  await within(call, endpoint, async (session) => {
    for (const bridge of bridges.length > 0 ? bridges : [undefined]) {
      await detachAt(call, session, { bridge, mirrors }, traces);
    }
  }, signal);
}

/** Mirrors on a bridge. Without names, all mirrors are meant; without a bridge, all bridges. */
interface Place {
  bridge?: string;
  mirrors: readonly string[];
}

async function detachAt(call: Call, session: Session, place: Place, traces: Traces): Promise<void> {
  const { role } = call;
  const bridges = place.bridge === undefined ? [] : [place.bridge];
  const { detachment, empty } = await findDetachment(call, session, place, traces);
  if (!detachment) {
    const found = await removeEmpty(session, empty);
    return await tidy(session, askLeftovers(role, { bridges, detachments: [] }), [], found);
  }
  const detachments = [detachment];
  await detachPorts(session, { role, detachments, bridges, patience: patienceOf(call) });
}

/** The ports to detach, if there are any, and the unused mirrors of the bridge. */
interface Finding {
  detachment?: Detachment;
  empty: EmptyMirrors[];
}

async function findDetachment(
  call: Call,
  session: Session,
  { bridge, mirrors }: Place,
  { PrevResult, part }: Traces,
): Promise<Finding> {
  const { role, request: { attachment, configuration: { prevResult } } } = call;
  const results = [
    ...(isResult(PrevResult) ? [asResult(PrevResult)] : []),
    ...prevResult ? [prevResult] : [],
  ];
  const sandboxes = results.flatMap(({ interfaces }) => interfaces.map(({ sandbox }) => sandbox));
  const netns = unique([attachment.netns, part?.netns, ...sandboxes].flatMap((path) => path || []));
  const ifname = attachment.ifname || part?.ifname || "";
  const podUid = attachment.pod?.uid ?? part?.pod?.uid;
  const marks = { netns: netns[0] ?? "", ifname, podUid };
  const ports = (results.map((result) => hostInterfaces(result, bridge))
    .find((names) => names.length > 0) ?? []).slice(0, MAX_INTERFACES);
  const query = { role, bridge: bridge ?? "", mirrors: [], ports, attachment: marks };
  const snapshot = await session.ask(ask(query, true));
  session.hasByHand ||= snapshot.hasByHand === true;
  const empty = emptyMirrorsOf(snapshot);
  if (bridge !== undefined && !snapshot.bridge) return { empty };
  const candidates = ownPorts(snapshot, netns, podUid);
  const all = unique([...candidates.named, ...candidates.marked]);
  if (all.length === 0) return { empty };
  const { onBridge, holders } = await session.ask(askWhereabouts(role, all, bridge));
  const meant = holders.filter(({ id, name }) =>
    (mirrors.length === 0 || mirrors.includes(name)) &&
    (bridge === undefined || snapshot.bridge!.mirrors.includes(id))
  );
  if (meant.length === 0) return { empty };
  const others = await portsOfOthers(call);
  const holdersOfOwn = meant.filter(({ port }) => !others.has(port));
  const detachment = chooseDetachment(candidates, { onBridge, holders: holdersOfOwn });
  return detachment.ports.length > 0 ? { detachment, empty } : { empty };
}

function emptyMirrorsOf({ bridge, emptyMirrors }: Snapshot): EmptyMirrors[] {
  const mirrors = emptyMirrors.filter(({ id }) => bridge?.mirrors.includes(id));
  return bridge ? [{ bridge: bridge.id, mirrors }] : [];
}

/** Rows of ports in the records of other attachments: marks may be reused after a reboot. */
async function portsOfOthers({ store, request, owner }: Call): Promise<Set<string>> {
  if (request.command === "GC") return new Set();
  const isOwn = isOf(owner);
  const { readEntries } = await import("../records/all_records.ts");
  const records = await readEntries(store);
  const parts = records.flatMap(({ record }) => record.parts).filter((part) => !isOwn(part));
  return new Set(parts.flatMap(({ ports }) => ports).map(({ id }) => id));
}

const DEFAULT_ENDPOINT: Endpoint = parseEndpoint(DEFAULT_SOCKET);

/** Removes duplicates. */
export function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}
