/**
 * Tunnels that copies leave the node by.
 *
 * @module
 */

import { REMOTE } from "../mirror/snapshot/external_ids.ts";
import type { Row } from "../ovsdb/value.ts";
import { counter, map } from "./row_values.ts";

/** A tunnel that copies leave the node by. Whether they arrive can't be known here. */
export interface Tunnel {
  /** The far end, as marks have it: `erspan:192.0.2.10,key=7`. */
  remote: string;
  /** The interface that its packets leave by; absent where there is no route, or none is known. */
  through?: string;
  /** State of that interface's link, `up` or `down`, if it is known. */
  carrier?: string;
  /** Packets sent into it, if they are counted. */
  sent?: number;
}

/** Longest IP packet that fits most networks, in bytes. */
const USUAL_MTU = 1500;
const ETHERNET_HEADER = 14;

/** Bytes of headers between those of IP and the copy. */
const HEADERS: Readonly<Record<string, number>> = { gre: 4, erspan: 16, vxlan: 16, geneve: 16 };

/**
 * Reads what is known of a tunnel.
 *
 * @param marks The marks of a port.
 * @param interfaces The rows of its interface.
 * @returns The tunnel, if the port is one's.
 */
export function tunnelOf(
  marks: ReadonlyMap<string, string>,
  [row]: readonly Row[],
): Tunnel | undefined {
  const remote = marks.get(REMOTE);
  if (remote === undefined) return undefined;
  const status = map(row, "status");
  return {
    remote,
    through: status.get("tunnel_egress_iface"),
    carrier: status.get("tunnel_egress_iface_carrier"),
    sent: counter(row, "tx_packets"),
  };
}

/**
 * Names a tunnel as people do.
 *
 * @returns Such as `erspan 192.0.2.10 key 7`.
 */
export function tunnelName({ remote }: Tunnel): string {
  return remote.replace(":", " ").replaceAll(",", " ").replaceAll("=", " ");
}

/**
 * Says what else is to be said of a tunnel.
 *
 * @returns Phrases.
 */
export function notesOn({ through, carrier, sent }: Tunnel): string[] {
  return [
    through === undefined ? "no route known" : `through ${through}`,
    ...carrier === "down" ? ["no carrier"] : [],
    ...sent === undefined ? [] : [`${sent} packets sent`],
    "arrival unknown",
  ];
}

/**
 * Tells what the network that a tunnel crosses has to carry.
 *
 * @param mtu The longest packet of the sources, in bytes.
 * @param snaplen What copies are cut to, in bytes.
 * @returns The longest IP packet, if many networks do not carry it.
 */
export function neededMtu({ remote }: Tunnel, mtu: number, snaplen = Infinity): number | undefined {
  const [, type = "", address = ""] = /^(\w+):([^,]+)/.exec(remote) ?? [];
  const ip = address.includes(":") ? 40 : 20;
  const key = type === "gre" && remote.includes(",key=") ? 4 : 0;
  const erspan3 = remote.includes(",version=2") ? 4 : 0;
  const copy = Math.min(mtu + ETHERNET_HEADER, snaplen);
  const needed = copy + ip + (HEADERS[type] ?? 0) + key + erspan3;
  return needed > USUAL_MTU ? needed : undefined;
}
