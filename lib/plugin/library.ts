/**
 * What the plugins do with a port, for programs that are none: attach it to mirrors, detach it.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { planAttach } from "../mirror/plan/attach.ts";
import { resolveConfiguration } from "../mirror/config/config.ts";
import { bringIntoForce } from "../mirror/switch/in_force.ts";
import { Refusal } from "../mirror/refusal.ts";
import { consumer, producer } from "../mirror/role.ts";
import type { Query, Snapshot } from "../mirror/snapshot/snapshot.ts";
import type { Client } from "../ovsdb/client.ts";
import { detachPorts } from "./detach/transaction.ts";
import { Session } from "./database/session.ts";

/** A port and the mirrors that it is to be attached to, or detached from. */
export interface MirrorRequest {
  /** What the port is in the mirrors: a source, or the output. */
  role: "producer" | "consumer";
  /** The bridge's name. */
  bridge: string;
  /** The port's name. */
  port: string;
  /** The mirrors; of a source with the directions, one of which has to be true. */
  mirrors: readonly {
    /** The mirror's name, unique on the switch. */
    name: string;
    /** Of a source: copy what the switch receives from the port. */
    ingress?: boolean;
    /** Of a source: copy what the switch sends to the port. */
    egress?: boolean;
  }[];
}

const ROLES = { producer, consumer };

/**
 * Makes a port a source or the output of mirrors. A mirror that does not exist is made. Nothing is
 * changed unless all can be, and nothing happens where all is so already.
 *
 * @example Copy all that `veth1` sends and receives to `veth2`.
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
 * await attach(client, { role: "consumer", bridge, port: "veth2", mirrors: [{ name }] });
 * ```
 *
 * @param client A connection to the database of Open vSwitch; its signal bounds the whole.
 * @param request The port and the mirrors.
 * @throws {Refusal} The switch does not allow it.
 * @throws {OvsdbError} The database can't be reached, or refused the change.
 */
export async function attach(client: Client, request: MirrorRequest): Promise<void> {
  const { role, query, wanted } = read(request);
  const session = new Session(client, `attach ${request.port} as ${request.role}`);
  const change = async (snapshot: Snapshot) => {
    const plan = planAttach({ role, bridge: request.bridge, mirrors: wanted }, snapshot);
    const ports = snapshot.ports.map(({ id }) => id);
    await session.change([...plan, ...bringIntoForce(ports).operations]);
  };
  await session.withSnapshot(query, change).catch((error) => {
    if (!(error instanceof Refusal) || error.reason !== "no port") throw error;
    const message = `Port ${quote(request.port)} is not on bridge ${quote(request.bridge)}`;
    throw new Refusal("no port", message, "name a port of the bridge");
  });
}

/**
 * Takes a port out of mirrors. Those that the plugins or {@linkcode attach} made are removed if
 * nobody uses them any more. Nothing happens where nothing is attached.
 *
 * @param client A connection to the database of Open vSwitch; its signal bounds the whole.
 * @param request The port and the mirrors.
 * @throws {Refusal} The request is not valid.
 * @throws {OvsdbError} The database can't be reached, or refused the change.
 */
export async function detach(client: Client, request: MirrorRequest): Promise<void> {
  const { role, query } = read(request);
  const session = new Session(client, `detach ${request.port} as ${request.role}`);
  const { bridge, mirrors, ports } = await session.read(query);
  const onBridge = mirrors.filter(({ id }) => bridge?.mirrors.includes(id));
  if (onBridge.length === 0 || ports.length === 0) return;
  const detachments = [{ ports: ports.map(({ id }) => id), mirrors: onBridge }];
  await detachPorts(session, { role, detachments, bridges: [request.bridge], patience: 0 });
}

function read({ role: name, bridge, port, mirrors }: MirrorRequest) {
  const role = ROLES[name];
  const { mirrors: wanted } = resolveConfiguration(role, { bridge, mirrors: [...mirrors] }, {});
  const names = wanted.map(({ name }) => name);
  const query: Query = { role, bridge, mirrors: names, ports: [port] };
  return { role, query, wanted };
}
