/**
 * Mirrors as people think of them: with names instead of row identifiers.
 *
 * @module
 */

import type { Tables } from "../../ovsdb/monitor.ts";
import { atoms, readStringMap, type Row, string, uuids } from "../../ovsdb/value.ts";

/** A port, and what the `ovs` plugin recorded of the pod that it belongs to. */
export interface Port {
  /** The port's name. */
  name: string;
  /** The interface in the container. */
  interface?: string;
  /** Path of the container's network namespace. */
  netns?: string;
  /** The pod's unique identifier in Kubernetes. */
  podUid?: string;
}

/** A port whose packets are mirrored. */
export interface Source extends Port {
  /** Whether packets that the switch receives from the port are. */
  ingress: boolean;
  /** Whether packets that the switch sends to the port are. */
  egress: boolean;
}

/** The port that a mirror's packets go to. */
export interface Output extends Port {
  /** Whether the port carries no packets. */
  down: boolean;
  /** Whether the port is on the mirror's bridge. */
  onBridge: boolean;
}

/** What a mirror carried since the switch took it up. */
export interface Traffic {
  packets: number;
  bytes: number;
}

/** A mirror. */
export interface Mirror {
  /** Identifier of its row. */
  id: string;
  /** Its name. */
  name: string;
  /** Name of its bridge. */
  bridge: string;
  /** Who made it, if that is recorded. */
  owner?: string;
  /** Its sources, by name. */
  sources: readonly Source[];
  /** Whether all ports of the bridge are sources. */
  allPorts: boolean;
  /** The VLANs that it is limited to; all if there are none. */
  vlans: readonly number[];
  /** The output, if it is a port. */
  output?: Output;
  /** The output, if it is a VLAN (RSPAN). */
  outputVlan?: number;
  /** Absent as long as the switch has not taken the mirror up. */
  traffic?: Traffic;
}

/** A bridge's mirrors. */
type Bridge = { name: string; ports: ReadonlySet<string>; mirrors: readonly string[] };

/**
 * Reads mirrors from rows.
 *
 * @param tables The rows, see `tables.ts`.
 * @returns The mirrors of all bridges, by bridge and name.
 * @throws {ProtocolError} They are not rows of Open vSwitch's schema.
 */
export function readMirrors(tables: Tables): Mirror[] {
  const reader = new Reader(tables);
  const mirrors = reader.bridges().flatMap((bridge) =>
    bridge.mirrors.flatMap((id) => reader.mirror(id, bridge) ?? [])
  );
  return mirrors.sort((a, b) =>
    compare(a.bridge, b.bridge) || compare(a.name, b.name) || compare(a.id, b.id)
  );
}

/** Follows the references between rows. */
class Reader {
  readonly #tables: Tables;
  /** All ports by name, so that the sources of many large mirrors need no sorting. */
  readonly #ports: ReadonlyMap<string, Port>;

  constructor(tables: Tables) {
    this.#tables = tables;
    const ports = Array.from(this.#rows("Port"), ([id, row]) => [id, readPort(row)] as const);
    this.#ports = new Map(ports.sort(([, a], [, b]) => compare(a.name, b.name)));
  }

  bridges(): Bridge[] {
    return Array.from(this.#rows("Bridge").values(), (row) => ({
      name: string(row.name),
      ports: new Set(uuids(row.ports)),
      mirrors: uuids(row.mirrors),
    }));
  }

  mirror(id: string, bridge: Bridge): Mirror | undefined {
    const row = this.#rows("Mirror").get(id);
    if (!row) return undefined;
    return {
      id,
      name: string(row.name),
      bridge: bridge.name,
      owner: readStringMap(row.external_ids).get("owner"),
      sources: this.#sources(row),
      allPorts: row.select_all === true,
      vlans: atoms(row.select_vlan).map(Number),
      output: this.#output(row, bridge),
      outputVlan: atoms(row.output_vlan).map(Number)[0],
      traffic: traffic(row),
    };
  }

  #sources(row: Row): Source[] {
    const ingress = new Set(uuids(row.select_src_port));
    const egress = new Set(uuids(row.select_dst_port));
    const sources: Source[] = [];
    for (const [id, port] of this.#ports) {
      const directions = { ingress: ingress.has(id), egress: egress.has(id) };
      if (directions.ingress || directions.egress) sources.push({ ...port, ...directions });
    }
    return sources;
  }

  #output(row: Row, { ports }: Bridge): Output | undefined {
    const [id] = uuids(row.output_port);
    const port = id === undefined ? undefined : this.#ports.get(id);
    return port && { ...port, down: this.#isDown(id!), onBridge: ports.has(id!) };
  }

  /** A bond is down once all its interfaces are. */
  #isDown(port: string): boolean {
    const interfaces = uuids(this.#rows("Port").get(port)!.interfaces);
    return interfaces.every((id) => isInterfaceDown(this.#rows("Interface").get(id)));
  }

  #rows(table: string): ReadonlyMap<string, Row> {
    return this.#tables.get(table) ?? new Map();
  }
}

function readPort(row: Row): Port {
  const marks = readStringMap(row.external_ids);
  // What the runtime did not tell the ovs plugin, that plugin recorded as empty.
  const mark = (name: string) => marks.get(name) || undefined;
  return {
    name: string(row.name),
    interface: mark("contIface"),
    netns: mark("contNetns"),
    podUid: mark("contPodUid"),
  };
}

/**
 * What an interface that carries nothing may look like. Nothing of it is set as long as no switch
 * has looked at the interface.
 */
function isInterfaceDown(row: Row | undefined): boolean {
  if (!row) return false;
  const [link] = atoms(row.link_state);
  const [administrative] = atoms(row.admin_state);
  const [number] = atoms(row.ofport);
  return link === "down" || administrative === "down" || number === -1 ||
    atoms(row.error).length > 0;
}

function traffic({ statistics }: Row): Traffic | undefined {
  if (!Array.isArray(statistics) || !Array.isArray(statistics[1])) return undefined;
  const counts = new Map<unknown, unknown>(statistics[1]);
  const packets = counts.get("tx_packets"), bytes = counts.get("tx_bytes");
  return typeof packets === "number" && typeof bytes === "number" ? { packets, bytes } : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
