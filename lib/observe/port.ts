/**
 * Ports, and the pods that they belong to.
 *
 * @module
 */

import type { Tables } from "../ovsdb/monitor.ts";
import { readString, type Row } from "../ovsdb/value.ts";
import { type Tunnel, tunnelOf } from "./tunnel.ts";
import { counter, map, optional, optionalNumber, references } from "./row_values.ts";

/** An attachment of a port to a mirror by hand. */
export interface HandAttachment {
  /** When it ends, as RFC 3339 has it; never unless given. */
  until?: string;
}

/** A port, and what is known of the pod that it belongs to. */
export interface Port {
  /** The port's name. */
  name: string;
  /** The pod, as `namespace/name`. */
  pod?: string;
  /** The interface in the container. */
  interface?: string;
  /** Path of the container's network namespace. */
  netns?: string;
  /** The pod's unique identifier in Kubernetes. */
  podUid?: string;
  /** Reason for carrying no packets: no link, switched off, or no device behind it. */
  state?: "down" | "gone";
  /** The switch's error for it. */
  error?: string;
  /** Longest packet that it takes, in bytes. */
  mtu?: number;
  /** The tunnel that it is the port of. */
  tunnel?: Tunnel;
  /** The policy's reason for refusing the attachment now. */
  refused?: string;
}

/** Finds the pod that a port belongs to. */
export interface PodFinder {
  /**
   * Names the pod of a port.
   *
   * @param port The port's row identifier.
   * @param netns Path of the network namespace that is recorded at the port.
   * @returns The pod as `namespace/name`, if it is known.
   */
  podOf(port: string, netns: string | undefined): string | undefined;
}

/**
 * Reads a port.
 *
 * @param id Identifier of its row.
 * @param pods Finds its pod.
 * @returns The port, if it is there.
 */
export function readPort(id: string, tables: Tables, pods: PodFinder): Port | undefined {
  const row = tables.get("Port")?.get(id);
  if (!row) return undefined;
  const marks = map(row, "external_ids");
  // What the runtime did not tell the ovs plugin, that plugin recorded as empty.
  const mark = (name: string) => marks.get(name) || undefined;
  const netns = mark("contNetns");
  const tunnel = tunnelOf(marks, interfacesOf(row, tables));
  return {
    name: readString(row.name),
    pod: pods.podOf(id, netns),
    interface: mark("contIface"),
    netns,
    podUid: mark("contPodUid"),
    ...stateOf(interfacesOf(row, tables)),
    ...(tunnel && { tunnel }),
    ...(tunnel?.carrier === "down" && { state: "down" }),
  };
}

/** Part of the packets for a port, from which on it is believed that uncounted ones were lost. */
const MIN_LOST = 0.01;

/** Types of interfaces that count each packet when it leaves. */
const COUNTING = ["", "system"];

/**
 * Tells how many packets for a port were dropped, by the switch's or the system's count, and how
 * many got lost that neither counted, as by the userspace datapath those that are too long.
 *
 * @param id Identifier of its row.
 * @param sent How many packets the switch's mirrors sent to it, and perhaps others did.
 * @returns The numbers, as far as they are known. What mirrors sent is counted a little later than
 * what left, so what is missing is lost; a little of it may be due to counts at different times.
 */
export function dropsOf(
  id: string,
  tables: Tables,
  sent: number,
): { dropped?: number; lost?: number } {
  const rows = interfacesOf(tables.get("Port")?.get(id), tables);
  const dropped = sum(rows, "tx_dropped", "tx_errors");
  const left = sum(rows, "tx_packets");
  const isCounted = rows.every((row) => COUNTING.includes(String(optional(row, "type"))));
  const missing = left === undefined || !isCounted ? 0 : sent - left;
  const isLost = missing > Math.max(dropped ?? 0, sent * MIN_LOST);
  return { dropped, ...isLost && { lost: missing } };
}

function sum(rows: readonly Row[], ...names: string[]): number | undefined {
  const counts = rows.flatMap((row) => names.flatMap((name) => counter(row, name) ?? []));
  return counts.length === 0 ? undefined : counts.reduce((total, one) => total + one, 0);
}

/**
 * The rows of a port's interfaces, several if it is a bond.
 *
 * @param port The port's row.
 * @returns Those that are known.
 */
export function interfacesOf(port: Row | undefined, tables: Tables): Row[] {
  const rows = references(port, "interfaces").map((id) => tables.get("Interface")?.get(id));
  return rows.filter((row) => row !== undefined);
}

/** A bond is down once all its interfaces are, and takes what the smallest of them does. */
function stateOf(interfaces: readonly Row[]): Pick<Port, "state" | "error" | "mtu"> {
  const sizes = interfaces.flatMap((row) => optionalNumber(row, "mtu") ?? []);
  const states = interfaces.map(interfaceState);
  const isUp = states.length === 0 || states.includes(undefined);
  const errors = interfaces.flatMap((row) => optional(row, "error") ?? []);
  return {
    state: isUp ? undefined : states.every((state) => state === "gone") ? "gone" : "down",
    error: isUp ? undefined : errors.map(String)[0],
    mtu: sizes.length > 0 ? Math.min(...sizes) : undefined,
  };
}

/**
 * Signs of an interface that carries nothing. Nothing of it is set as long as no switch
 * has looked at the interface.
 */
function interfaceState(row: Row): Port["state"] {
  if (optional(row, "error") !== undefined || optional(row, "ofport") === -1) return "gone";
  const isDown = optional(row, "link_state") === "down" || optional(row, "admin_state") === "down";
  return isDown ? "down" : undefined;
}
