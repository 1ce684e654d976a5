/**
 * Attaching ports by hand, and the end of that. Loaded only where something is attached so.
 *
 * What a plugin has on record of the same port stays: the two may meet in one mirror.
 *
 * @module
 */

import {
  askByHand,
  askHeld,
  type ByHand,
  forgetByHand,
  INTERNAL,
  planByHand,
  removePort,
  SINCE,
} from "../mirror/plan/by_hand.ts";
import type { AttachRequest } from "../mirror/config/config.ts";
import { columnsFor } from "../mirror/config/options.ts";
import { choose } from "../mirror/plan/target_rows.ts";
import { consumer, type PortColumn, producer } from "../mirror/role.ts";
import type { PortState, Query } from "../mirror/snapshot/snapshot.ts";
import { idOf, nameOf } from "../mirror/snapshot/snapshot.ts";
import { bringIntoForce, type Numbers } from "../mirror/switch/in_force.ts";
import { guarded } from "../ovsdb/guarded.ts";
import { isRow, select } from "../ovsdb/operation.ts";
import { selectedRows } from "../ovsdb/result.ts";
import { readStringMap, stringMap, uuidSet } from "../ovsdb/value.ts";
import { planFor } from "./database/plan.ts";
import type { Session } from "./database/session.ts";
import { waitForSwitch } from "./database/wait_for_switch.ts";
import { detachPorts } from "./detach/transaction.ts";
import { readEntries } from "./records/all_records.ts";
import type { Directory } from "./records/directory.ts";
import type { Part } from "./records/record.ts";
import { AttachmentStore } from "./records/store.ts";

/** How a port is attached by hand. */
export interface HandOptions {
  /** When it ends, in seconds since 1970; never unless given. */
  until?: number;
  /** Whether the port was made for it. */
  isInternal?: boolean;
  /** For how long to wait for the switch, in milliseconds. */
  wait: number;
}

/**
 * Attaches a port by hand, and returns when the switch has it.
 *
 * @param session The database.
 * @param request What is to be attached to what.
 * @param port The port.
 * @param options How.
 * @returns The mirrors that it was attached to already, and not by hand.
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
  let change: { ports: readonly PortState[]; numbers: Numbers };
  let already: string[] = [];
  await session.withSnapshot(query, async (snapshot) => {
    const choice = choose(request, snapshot);
    const plan = await planFor(request, choice, snapshot, session);
    const held = await session.ask(askHeld(mirrors, port.id));
    const marks = planByHand(mirrors, held, { port: port.id, until, isInternal });
    already = mirrors.filter(({ name, columns }) => held.get(name)?.length === columns.length)
      .map(({ name }) => name);
    const inForce = bringIntoForce([port.id]);
    const before = [...plan, ...marks];
    const results = await session.change([...before, ...inForce.operations]);
    change = { ports: choice.ports, numbers: inForce.read(results.slice(before.length)) };
  });
  const { ports, numbers } = change!;
  await waitForSwitch(session, bridge, { ports, number: await session.numberOf(numbers) }, wait);
  return already;
}

/**
 * Takes back what was attached by hand.
 *
 * @param session The database.
 * @param records Where the plugins keep what they attached.
 * @param isMeant Which; what has ended, or has no port any more, is taken back in any case.
 * @param now The time, in seconds since 1970.
 * @returns What was taken back.
 */
export async function takeBack(
  session: Session,
  records: Directory,
  isMeant: (one: ByHand) => boolean = () => false,
  now = Date.now() / 1000,
): Promise<ByHand[]> {
  const taken: ByHand[] = [];
  while (true) {
    const one = await guarded(() => takeNext(session, records, isMeant, now));
    if (!one) return taken;
    taken.push(one);
  }
}

async function takeNext(
  session: Session,
  records: Directory,
  isMeant: (one: ByHand) => boolean,
  now: number,
): Promise<ByHand | undefined> {
  const found = await session.ask(askByHand());
  const { all } = found;
  const places = (await session.transact(all.flatMap(({ port, row }) => [
    select("Port", [isRow(port)], ["_uuid"]),
    select("Bridge", [["mirrors", "includes", uuidSet([row])]], ["name"]),
  ]))).map(selectedRows);
  const index = all.findIndex((one, index) =>
    (one.until ?? Infinity) <= now || places[2 * index]!.length === 0 || isMeant(one)
  );
  if (index < 0) return undefined;
  const one = all[index]!;
  const isThere = places[2 * index]!.length > 0;
  const kept = await recordedColumns(records, one);
  const columns = one.columns.filter((column) => !kept.has(column));
  const role = { ...(columns.includes("output_port") ? consumer : producer), columns };
  const ports = isThere && columns.length > 0 ? [one.port] : [];
  await detachPorts(session, {
    role,
    first: [...forgetByHand(one, found), ...(one.isInternal ? [removePort(one.port)] : [])],
    detachments: [{ ports, mirrors: [{ name: one.mirror, options: one.options }] }],
    bridges: places[2 * index + 1]!.map(nameOf),
    patience: 2000,
  });
  return one;
}

/** The columns that a plugin has put the same port into, as its record tells. */
async function recordedColumns(
  records: Directory,
  { port, mirror }: ByHand,
): Promise<ReadonlySet<PortColumn>> {
  const parts = await partsOf(records);
  const mirrors = parts.filter(({ ports }) => ports.some(({ id }) => id === port))
    .flatMap(({ mirrors }) => mirrors.filter(({ name }) => name === mirror));
  return new Set(mirrors.flatMap(({ columns }) => columns as PortColumn[]));
}

/** All that the plugins have on record, in either role. */
export async function partsOf(records: Directory): Promise<Part[]> {
  const stores = [producer, consumer].map(({ cacheSuffix }) =>
    new AttachmentStore(records, cacheSuffix)
  );
  const entries = await Promise.all(stores.map((store) => readEntries(store)));
  return entries.flat().flatMap(({ record }) => record.parts);
}

/** How long an interface of the node may be without its mirror, in milliseconds. */
const MAX_STRAY = 60_000;

/**
 * Removes interfaces of the node that were made for a mirror by a command that was killed before it
 * had one.
 *
 * @param session The database.
 */
export async function removeStrays(session: Session): Promise<void> {
  const marked = select("Port", [["external_ids", "includes", stringMap(INTERNAL)]], [
    "_uuid",
    "external_ids",
  ]);
  const [found] = await session.transact([marked]);
  const old = selectedRows(found).filter(({ external_ids }) =>
    Date.now() - Number(readStringMap(external_ids).get(SINCE)) > MAX_STRAY
  ).map(idOf);
  const uses = await session.transact(
    old.map((id) => select("Mirror", [["output_port", "==", ["uuid", id]]], ["_uuid"])),
  );
  const strays = old.filter((_, index) => selectedRows(uses[index]).length === 0);
  if (strays.length > 0) await session.change(strays.map(removePort));
}
