/**
 * ADD: makes the port a source or the output of mirrors, and returns when the switch mirrors.
 *
 * The record of the attachment is written after planning and before the transaction, so that DEL
 * finds it whatever happens next. It is removed again only if the transaction certainly did not
 * take effect.
 *
 * @module
 */

import { formatResult } from "../../cni/result.ts";
import type { MirrorConfiguration } from "../../mirror/config/config.ts";
import { choose } from "../../mirror/plan/target_rows.ts";
import { bringIntoForce, type Numbers } from "../../mirror/switch/in_force.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { portsOfEarlier } from "../../mirror/snapshot/ports.ts";
import type { PortState, Snapshot } from "../../mirror/snapshot/snapshot.ts";
import { formatEndpoint } from "../../ovsdb/endpoint.ts";
import { isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { OperationError, selectedRows } from "../../ovsdb/result.ts";
import type { Call } from "../call.ts";
import {
  type AttachmentRecord,
  type Part,
  type RecordedPort,
  withPart,
} from "../records/record.ts";
import { planFor } from "../database/plan.ts";
import type { Session } from "../database/session.ts";
import { waitForSwitch } from "../database/wait_for_switch.ts";

/** A change: the ports, and its number. */
interface Change {
  ports: readonly PortState[];
  previous?: AttachmentRecord;
  numbers: Numbers;
}

/**
 * Carries out ADD.
 *
 * @param call The call.
 * @returns The result of the plugin before, whole.
 */
export async function run(call: Call): Promise<string> {
  const { cniVersion, prevResult } = call.request.configuration;
  const output = formatResult(prevResult!, cniVersion);
  const configuration = await call.configureAllowed();
  const remotes = configuration.mirrors.flatMap(({ remote }) => remote ?? []);
  if (remotes.length > 0) (await import("../own_address.ts")).refuseOwnAddress(remotes);
  using session = await call.connect(configuration.endpoint);
  const { ports, numbers, previous } = await attach(call, configuration, session);
  if (!call.waits) return output;
  const tunnels = remotes.map(({ port, text }) => ({ name: port, remote: text }));
  const change = { ports: [...ports, ...tunnels], number: await session.numberOf(numbers) };
  try {
    await waitForSwitch(session, configuration.bridge, change, call.deadline.left);
  } catch (error) {
    // The switch refuses tunnels that it has or does not know, and nobody else can use this one.
    if (remotes.length > 0 && error instanceof Refusal && error.reason === "port not opened") {
      await (await import("../detach/own.ts")).detachOwn(call, configuration);
      await restoreRecord(call, previous);
    }
    throw error;
  }
  return output;
}

async function attach(
  call: Call,
  configuration: MirrorConfiguration,
  session: Session,
  hasTakenOver = false,
): Promise<Change> {
  const { store, entry } = call;
  const request = call.attachRequest(configuration);
  let previous: AttachmentRecord | undefined;
  let recorded: string | undefined;
  let others: RecordedPort[] = [];
  let earlier: PortState[] = [];
  let change: Change;
  try {
    const query = call.query(configuration);
    await session.withSnapshot(query, async (seen) => {
      const isStale = seen.hasByHand && await call.endByHand(session);
      const snapshot = isStale ? { ...await session.read(query), details: seen.details } : seen;
      earlier = hasTakenOver ? [] : portsOfEarlier(request.netns, snapshot);
      if (earlier.length > 0) return;
      const choice = choose(request, snapshot);
      const { ports } = choice;
      const plan = await planFor(request, choice, snapshot, session);
      const part = describe(call, configuration, ports, snapshot);
      if (recorded !== JSON.stringify(part)) {
        // A failed attempt may have chosen other ports.
        const undo = recorded === undefined ? undefined : await import("../records/restore.ts");
        await store.update(entry, (record) => {
          if (undo) record = undo.asBefore(call.owner, record, previous);
          else previous = record;
          const now = withPart(record, call.request.configuration.prevResult!.members, part);
          others = otherPorts(now, part);
          return now;
        });
        recorded = JSON.stringify(part);
      }
      const inForce = bringIntoForce(ports.map(({ id }) => id));
      const rows = others.map(({ id }) => select("Port", [isRow(id)], ["_uuid"]));
      const results = await session.change([...plan, ...rows, ...inForce.operations]);
      const found = results.splice(plan.length, rows.length).map(selectedRows);
      const gone = others.filter((_, index) => found[index]!.length === 0);
      if (gone.length > 0) {
        const { forgetPorts } = await import("../records/gone_ports.ts");
        await forgetPorts(call, gone);
      }
      if (plan.some(makesMirror)) {
        const { recordRows } = await import("../records/made_rows.ts");
        await recordRows(call, plan, results);
      }
      change = { ports, previous, numbers: inForce.read(results.slice(plan.length)) };
    });
  } catch (error) {
    if (recorded !== undefined && isDefinite(error)) await restoreRecord(call, previous);
    if (!(error instanceof Refusal) || error.holder === undefined) throw error;
    const { freeOutput } = await import("../detach/take_over.ts");
    await freeOutput({ call, configuration, session }, error);
    return await attach(call, configuration, session, hasTakenOver);
  }
  if (earlier.length === 0) return change!;
  const { takeOver } = await import("../detach/take_over.ts");
  await takeOver({ call, configuration, session }, earlier.map(({ id }) => id));
  return await attach(call, configuration, session, true);
}

function makesMirror(operation: Operation): boolean {
  return operation.op === "insert" && operation.table === "Mirror";
}

/** Reports whether it is certain that a transaction did not take effect. */
function isDefinite(error: unknown): boolean {
  return error instanceof Refusal || error instanceof OperationError;
}

async function restoreRecord(call: Call, previous: AttachmentRecord | undefined): Promise<void> {
  const { asBefore } = await import("../records/restore.ts");
  await call.store.update(call.entry, (now) => asBefore(call.owner, now, previous));
}

/**
 * Ports that earlier calls attached in the same place: ADD may be repeated without a DEL, with
 * other ports.
 */
function otherPorts({ parts }: AttachmentRecord, { ports }: Part): RecordedPort[] {
  return parts.at(-1)!.ports.filter(({ id }) => ports.every((port) => port.id !== id));
}

function describe(
  { request }: Call,
  { bridge, endpoint, mirrors }: MirrorConfiguration,
  ports: readonly PortState[],
  snapshot: Snapshot,
): Part {
  const { attachment: { containerId, ifname, netns, pod }, configuration: { name } } = request;
  return {
    containerId,
    ifname,
    network: name,
    netns,
    ...(pod && { pod }),
    database: formatEndpoint(endpoint),
    bridge,
    mirrors: mirrors.map(({ name, columns, options, shared, remote }) => ({
      name,
      columns,
      ...rowsOf(name, snapshot),
      ...((options || shared) && {
        options: [...Object.keys(options ?? {}), ...(shared ? ["shared"] : [])],
      }),
      ...(remote && { remote: remote.text }),
    })),
    ports: ports.map(({ id, name }) => ({ id, name })),
  };
}

function rowsOf(name: string, { mirrors }: Snapshot): { rows?: string[] } {
  const rows = mirrors.filter((row) => row.name === name).map(({ id }) => id);
  return rows.length > 0 ? { rows } : {};
}
