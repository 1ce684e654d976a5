/**
 * Attaching a port to mirrors and detaching it, for programs other than CNI plugins.
 *
 * @module
 */

import { quote, ShapeError } from "../input/shape.ts";
import { parseMembers, refuseMisspelt, resolveConfiguration } from "../mirror/config/config.ts";
import { withOptions } from "../mirror/config/option_members.ts";
import { columnsFor, type MirrorOptions, OPTION_NAMES, OPTIONS } from "../mirror/config/options.ts";
import { Refusal } from "../mirror/refusal.ts";
import { consumer, producer, type Role } from "../mirror/role.ts";
import { choose } from "../mirror/plan/target_rows.ts";
import type { PortState, Query, Snapshot } from "../mirror/snapshot/snapshot.ts";
import { bringIntoForce, type Numbers } from "../mirror/switch/in_force.ts";
import type { Client } from "../ovsdb/client.ts";
import { planFor } from "./database/plan.ts";
import { Session } from "./database/session.ts";
import { waitForSwitch } from "./database/wait_for_switch.ts";
import { detachPorts } from "./detach/transaction.ts";

/** A port and mirrors that it is to be detached from. */
export interface DetachRequest {
  /** The role of the port in the mirrors: a source, or the output. */
  role: "producer" | "consumer";
  /** The bridge's name. */
  bridge: string;
  /** The port's name. */
  port: string;
  /** The mirrors, by their names. */
  mirrors: readonly { name: string }[];
}

/** A port and the mirrors that it is to be attached to. */
export interface MirrorRequest extends DetachRequest {
  /** The mirrors; of a source with the directions, one of which has to be true. */
  mirrors: readonly ({
    /** The mirror's name, unique on the switch. */
    name: string;
    /** Of a source: copy what the switch receives from the port. */
    ingress?: boolean;
    /** Of a source: copy what the switch sends to the port. */
    egress?: boolean;
    /** Of an output: take part though the mirror has one already. */
    shared?: boolean;
  } & MirrorOptions)[];
}

/** Options for attaching a port. */
export interface AttachOptions {
  /**
   * Longest wait until the switch mirrors, running traffic included, in milliseconds; 0 for a
   * database without a switch. Default: 30,000.
   */
  wait?: number;
}

const ROLES: Readonly<Record<string, Role>> = { producer, consumer };

/**
 * Makes a port a source or the output of mirrors, and returns when the switch mirrors. Missing
 * mirrors are made. The change is made as a whole or not at all, and nothing happens if the port is
 * attached already.
 *
 * @example Copy all that `veth1` sends and receives to `veth2`, of each packet the first 128 bytes.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net
 * import { attach } from "@ovs-mirror/cni/mirror";
 * import { Client, parseEndpoint } from "@ovs-mirror/cni/ovsdb";
 *
 * using client = await Client.connect(parseEndpoint("unix:/var/run/openvswitch/db.sock"), {
 *   signal: AbortSignal.timeout(5_000),
 * });
 * const [bridge, name] = ["br1", "mirror-1"];
 * const mirrors = [{ name, ingress: true, egress: true }];
 * await attach(client, { role: "producer", bridge, port: "veth1", mirrors });
 * await attach(client, { role: "consumer", bridge, port: "veth2", mirrors: [{ name, snaplen: 128 }] });
 * ```
 *
 * @param client A connection to the database of Open vSwitch; its signal bounds the whole.
 * @param request The port and the mirrors.
 * @param options How it is attached.
 * @throws {Refusal} The request is not valid, the switch does not allow it, or does not apply it in
 * time (`not in force`): then the attachment stays in the database.
 * @throws {OvsdbError} The database can't be reached, or refused the change.
 */
export async function attach(
  client: Client,
  request: MirrorRequest,
  { wait = 30_000 }: AttachOptions = {},
): Promise<void> {
  const { bridge } = request;
  const role = roleOf(request);
  const members = await membersOf(request);
  const { mirrors: named } = resolveConfiguration(role, members, {});
  const mirrors = await withOptions(role, members.mirrors, named);
  const session = new Session(client, `attach ${request.port} as ${request.role}`);
  const query: Query = {
    ...queryOf(role, request),
    ...(mirrors.some(({ shared, options }) => shared || options) &&
      { optionColumns: columnsFor(...mirrors.map(({ options }) => options)) }),
  };
  let change: { ports: readonly PortState[]; numbers: Numbers };
  const attaching = async (snapshot: Snapshot) => {
    const attachment = { role, bridge, mirrors };
    const choice = choose(attachment, snapshot);
    const { ports } = choice;
    const plan = await planFor(attachment, choice, snapshot, session);
    const inForce = bringIntoForce(ports.map(({ id }) => id));
    const results = await session.change([...plan, ...inForce.operations]);
    change = { ports, numbers: inForce.read(results.slice(plan.length)) };
  };
  await session.withSnapshot(query, attaching).catch((error) => {
    if (!(error instanceof Refusal) || error.reason !== "no port") throw error;
    const message = `Port ${quote(request.port)} is not on bridge ${quote(bridge)}`;
    throw new Refusal("no port", message, "name a port of the bridge");
  });
  if (wait <= 0) return;
  const { ports, numbers } = change!;
  await waitForSwitch(session, bridge, { ports, number: await session.numberOf(numbers) }, wait);
}

/**
 * Takes a port out of mirrors, and with an output the options that came with it. Mirrors that the
 * plugins or {@linkcode attach} made are removed if they are unused then. Nothing happens if the
 * port is not attached.
 *
 * @param client A connection to the database of Open vSwitch; its signal bounds the whole.
 * @param request The port and the mirrors.
 * @throws {Refusal} The request is not valid.
 * @throws {OvsdbError} The database can't be reached, or refused the change.
 */
export async function detach(client: Client, request: DetachRequest): Promise<void> {
  const role = roleOf(request);
  await membersOf(request);
  const session = new Session(client, `detach ${request.port} as ${request.role}`);
  const query = { ...queryOf(role, request), optionColumns: columnsFor() };
  const { bridge, mirrors, ports } = await session.read(query);
  const onBridge = mirrors.filter(({ id }) => bridge?.mirrors.includes(id));
  if (onBridge.length === 0 || ports.length === 0) return;
  const isFiltered = onBridge.some(({ rowOptions }) => rowOptions?.filterFromConsumer);
  const options = role.exclusive
    ? OPTION_NAMES.filter((name) => isFiltered || !OPTIONS[name].isNew)
    : undefined;
  const detachments = [{
    ports: ports.map(({ id }) => id),
    mirrors: Array.from(new Set(onBridge.map(({ name }) => name)), (name) => ({ name, options })),
  }];
  await detachPorts(session, { role, detachments, bridges: [request.bridge], patience: 0 });
}

function roleOf({ role }: DetachRequest): Role {
  if (Object.hasOwn(ROLES, role)) return ROLES[role]!;
  const message = `There is no role ${quote(String(role))}`;
  throw new Refusal("invalid configuration", message, 'use "producer" or "consumer"');
}

/** Checks mirrors like those of a configuration. */
async function membersOf({ bridge, mirrors }: DetachRequest) {
  const members = { bridge, mirrors };
  refuseMisspelt(members);
  try {
    return parseMembers(members);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const { explain } = await import("../schema/explain.ts");
    throw new Refusal("invalid configuration", explain(error), "correct the request");
  }
}

function queryOf(role: Role, { bridge, port, mirrors }: DetachRequest): Query {
  const names = Array.from(new Set(mirrors.map(({ name }) => name)));
  return { role, bridge, mirrors: names, ports: [port] };
}
