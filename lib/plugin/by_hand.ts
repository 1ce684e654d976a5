/**
 * Attaches ports by hand and detaches them. Loaded only where something is attached by hand.
 *
 * The plugins' records of the same port are left alone: both may use one mirror.
 *
 * @module
 */

import {
  askByHand,
  askHeld,
  type ByHand,
  forgetByHand,
  INTERNAL,
  MAX_STRAY,
  planByHand,
  removePort,
  SINCE,
} from "../mirror/plan/by_hand.ts";
import type { AttachRequest } from "../mirror/config/config.ts";
import { columnsFor } from "../mirror/config/options.ts";
import { choose } from "../mirror/plan/target_rows.ts";
import { consumer, type PortColumn, producer } from "../mirror/role.ts";
import type { PortState, Query } from "../mirror/snapshot/snapshot.ts";
import {
  emptyMirrorsIn,
  idOf,
  nameOf,
  SELECT_EMPTY_MIRRORS,
  WITHOUT_SOURCES,
} from "../mirror/snapshot/snapshot.ts";
import { bringIntoForce, type Numbers } from "../mirror/switch/in_force.ts";
import { guarded } from "../ovsdb/guarded.ts";
import { isRow, select } from "../ovsdb/operation.ts";
import { selectedRows } from "../ovsdb/result.ts";
import { readStringMap, type Row, stringMap, uuidSet } from "../ovsdb/value.ts";
import { planFor } from "./database/plan.ts";
import type { Session } from "./database/session.ts";
import { waitForSwitch } from "./database/wait_for_switch.ts";
import { askLeftovers, detachPorts, tidy } from "./detach/transaction.ts";
import { readEntries } from "./records/all_records.ts";
import type { Directory } from "./records/directory.ts";
import type { Part } from "./records/record.ts";
import { AttachmentStore } from "./records/store.ts";

/** Options for attaching a port by hand. */
export interface HandOptions {
  /** Time at which it ends, in seconds since 1970. Default: never. */
  until?: number;
  /** True if the port was made for it. */
  isInternal?: boolean;
  /** Longest wait for the switch, in milliseconds. */
  wait: number;
}

/**
 * Attaches a port by hand, and returns when the switch mirrors. Mirrors that a plugin has attached
 * it to stay as they are, with their options.
 *
 * @param session The database.
 * @param request What is to be attached to what.
 * @param port The port.
 * @param options How.
 * @returns The mirrors that a plugin had attached it to already.
 * @throws {Refusal} The switch does not allow it.
 */
export async function attachByHand(
  session: Session,
  request: AttachRequest,
  port: { id: string; name: string },
  { until, isInternal = false, wait }: HandOptions,
): Promise<string[]> {
  const { role, bridge, mirrors } = request;
  const remotes = mirrors.flatMap(({ remote }) => remote ?? []);
  const query: Query = {
    role,
    bridge,
    mirrors: mirrors.map(({ name }) => name),
    ports: [port.name],
    optionColumns: columnsFor(...mirrors.map(({ options }) => options)),
    ...(remotes.length > 0 && { tunnels: remotes.map((remote) => remote.port) }),
  };
  let change: { ports: readonly PortState[]; numbers: Numbers } | undefined;
  let already: string[] = [];
  await session.withSnapshot(query, async (snapshot) => {
    const choice = choose(request, snapshot);
    // First, as its number guards all that is read after it.
    const found = await session.ask(askByHand());
    const held = await session.ask(askHeld(mirrors, port.id));
    already = mirrors.filter(({ name, columns }) => held.get(name)?.length === columns.length)
      .map(({ name }) => name);
    if (already.length === mirrors.length) return;
    const plan = await planFor(request, choice, snapshot, session);
    const marks = planByHand(mirrors, held, { port: port.id, until, isInternal }, found);
    const inForce = bringIntoForce([port.id]);
    const before = [...plan, ...marks];
    const results = await session.change([...before, ...inForce.operations]);
    change = { ports: choice.ports, numbers: inForce.read(results.slice(before.length)) };
  });
  if (!change) return already;
  const { ports, numbers } = change;
  await waitForSwitch(session, bridge, { ports, number: await session.numberOf(numbers) }, wait);
  return already;
}

/**
 * Detaches ports that were attached by hand.
 *
 * @param session The database.
 * @param records Where the plugins keep what they attached.
 * @param isMeant Which; what has ended, has no port any more, or is an interface of the node that
 * nothing is sent to any more, is taken back in any case.
 * @param attempts How often one is tried while others change the switch at the same time.
 * @returns The ports and mirrors that were detached.
 */
export async function takeBack(
  session: Session,
  records: Directory,
  isMeant: (one: ByHand) => boolean = () => false,
  attempts = Infinity,
): Promise<ByHand[]> {
  await removeStrays(session);
  const taken: ByHand[] = [];
  while (true) {
    const one = await guarded(async (count) =>
      count < attempts ? await takeNext(session, records, isMeant) : undefined
    );
    if (!one) return taken;
    taken.push(one);
  }
}

async function takeNext(
  session: Session,
  records: Directory,
  isMeant: (one: ByHand) => boolean,
): Promise<ByHand | undefined> {
  const found = await session.ask(askByHand());
  const { all } = found;
  const rows = (await session.transact(all.flatMap(({ port, row }) => [
    select("Port", [isRow(port)], ["_uuid", "external_ids"]),
    select("Bridge", [["mirrors", "includes", uuidSet([row])]], ["name"]),
    select("Mirror", [isRow(row), ["select_all", "==", false], ...WITHOUT_SOURCES], ["_uuid"]),
  ]))).map(selectedRows);
  const places = all.map((one, index) => {
    const [[port], bridges, idle] = rows.slice(3 * index, 3 * index + 3) as [Row[], Row[], Row[]];
    return { one, port, bridges, isIdle: idle.length > 0 };
  });
  const next = places.find(({ one, port, isIdle }) =>
    !port || (one.until ?? Infinity) * 1000 <= Date.now() || isMeant(one) ||
    (one.isInternal && isIdle && isOld(port))
  );
  if (!next) return undefined;
  const { one, port, bridges } = next;
  // Each row of the mirror has an entry.
  const entries = all.filter(({ port, mirror }) => port === one.port && mirror === one.mirror);
  const kept = await recordedColumns(records, one);
  const columns = [...new Set(entries.flatMap(({ columns }) => columns))]
    .filter((column) => !kept.has(column));
  const options = [...new Set(entries.flatMap(({ options }) => options))];
  const role = { ...(columns.includes("output_port") ? consumer : producer), columns };
  const ports = port && columns.length > 0 ? [one.port] : [];
  await detachPorts(session, {
    role,
    first: [...forgetByHand(entries, found), ...(one.isInternal ? [removePort(one.port)] : [])],
    detachments: [{ ports, mirrors: [{ name: one.mirror, options }] }],
    bridges: bridges.map(nameOf),
    patience: 2000,
  });
  return one;
}

/** The columns that a plugin put the same port into, by its record. */
async function recordedColumns(
  records: Directory,
  { port, mirror }: ByHand,
): Promise<ReadonlySet<PortColumn>> {
  const parts = await partsOf(records);
  const mirrors = parts.filter(({ ports }) => ports.some(({ id }) => id === port))
    .flatMap(({ mirrors }) => mirrors.filter(({ name }) => name === mirror));
  return new Set(mirrors.flatMap(({ columns }) => columns as PortColumn[]));
}

/** All records of the plugins, of both roles. */
export async function partsOf(records: Directory): Promise<Part[]> {
  const stores = [producer, consumer].map(({ cacheSuffix }) =>
    new AttachmentStore(records, cacheSuffix)
  );
  const entries = await Promise.all(stores.map((store) => readEntries(store)));
  return entries.flat().flatMap(({ record }) => record.parts);
}

function isOld({ external_ids }: Row): boolean {
  return Date.now() - Number(readStringMap(external_ids).get(SINCE)) > MAX_STRAY;
}

/**
 * Removes what a killed command left: interfaces of the node that are not the output of a mirror
 * yet, and mirrors that have just become empty.
 */
async function removeStrays(session: Session): Promise<void> {
  const marked = select("Port", [["external_ids", "includes", stringMap(INTERNAL)]], [
    "_uuid",
    "external_ids",
  ]);
  const [found, empty] = await session.transact([marked, SELECT_EMPTY_MIRRORS]);
  await removeEmpty(session, emptyMirrorsIn(selectedRows(empty)).map(({ id }) => id));
  const old = selectedRows(found).filter(isOld).map(idOf);
  if (old.length === 0) return;
  const uses = await session.transact(
    old.map((id) => select("Mirror", [["output_port", "==", ["uuid", id]]], ["_uuid"])),
  );
  const strays = old.filter((_, index) => selectedRows(uses[index]).length === 0);
  if (strays.length > 0) await session.change(strays.map(removePort));
}

async function removeEmpty(session: Session, mirrors: readonly string[]): Promise<void> {
  if (mirrors.length === 0) return;
  const results = await session.transact(
    mirrors.map((id) => select("Bridge", [["mirrors", "includes", uuidSet([id])]], ["name"])),
  );
  const bridges = [...new Set(results.flatMap((result) => selectedRows(result).map(nameOf)))];
  await tidy(session, askLeftovers(producer, { bridges, detachments: [] }));
}
