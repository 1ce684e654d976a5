/**
 * Mirrors as people think of them: with names instead of row identifiers.
 *
 * @module
 */

import type { Tables } from "../ovsdb/monitor.ts";
import { readString, type Row } from "../ovsdb/value.ts";
import { counter, map, numbers, optional, optionalNumber, references } from "./row_values.ts";
import { droppedBy, type PodFinder, type Port, readPort } from "./port.ts";

/** A port whose packets are mirrored. */
export interface Source extends Port {
  /** Whether packets that the switch receives from the port are. */
  ingress: boolean;
  /** Whether packets that the switch sends to the port are. */
  egress: boolean;
}

/** The port that a mirror's packets go to. */
export interface Output extends Port {
  /** Whether the port is on the mirror's bridge. */
  onBridge: boolean;
  /** Packets for it that were dropped since it came up, if that is counted. */
  dropped?: number;
}

/** What went to an output since the switch took it up. */
export interface Traffic {
  packets: number;
  bytes: number;
}

/** What goes to an output a second. */
export interface Rate extends Traffic {
  dropped: number;
}

/** A row of the database's table of mirrors: one output, and what it gets. */
export interface MirrorRow {
  /** Identifier of the row. */
  id: string;
  /** Who made it, if that is recorded. */
  owner?: string;
  /** Whether all ports of the bridge are sources. */
  allPorts: boolean;
  /** The VLANs that it is limited to; all if there are none. */
  vlans: readonly number[];
  /** The expression that packets have to match. */
  filter?: string;
  /** Bytes that copies are cut to. */
  snaplen?: number;
  /** The output, if it is a port. */
  output?: Output;
  /** The output, if it is a VLAN (RSPAN). */
  outputVlan?: number;
  /** Absent as long as the switch has not taken the row up. */
  traffic?: Traffic;
  /** What it carries now, if that was looked at. */
  rate?: Rate;
}

/** A mirror: the rows that have its name on one bridge, which differ in their output. */
export interface Mirror {
  /** Its name. */
  name: string;
  /** Name of its bridge. */
  bridge: string;
  /** Its sources, by name. */
  sources: readonly Source[];
  /** Whether the sources of all rows are the same. */
  sameSources: boolean;
  /** Its rows, in the order of their identifiers. */
  rows: readonly MirrorRow[];
}

/** A bridge's mirrors. */
type Bridge = { name: string; ports: ReadonlySet<string>; mirrors: readonly string[] };

/** Directions, as bits. */
const INGRESS = 1, EGRESS = 2;

const NOBODY: PodFinder = { podOf: () => undefined };

/**
 * Reads mirrors from rows.
 *
 * @param tables The rows, see `columns.ts`; those that are missing are unknown.
 * @param pods Finds the pods of ports.
 * @returns The mirrors of all bridges, by bridge and name.
 * @throws {ProtocolError} They are not rows of Open vSwitch's schema.
 */
export function readMirrors(tables: Tables, pods: PodFinder = NOBODY): Mirror[] {
  const reader = new Reader(tables, pods);
  return reader.bridges().flatMap((bridge) => reader.mirrors(bridge))
    .sort((a, b) => compare(a.bridge, b.bridge) || compare(a.name, b.name));
}

/** Follows the references between rows. */
class Reader {
  readonly #tables: Tables;
  /** All ports by name, so that the sources of many large mirrors need no sorting. */
  readonly #ports: readonly (readonly [id: string, port: Port])[];
  /** Identifiers to places in that list. */
  readonly #places: ReadonlyMap<string, number>;
  /** Sources by port and direction: a port may be one of many mirrors. */
  readonly #sources = new Map<Port, Source[]>();

  constructor(tables: Tables, pods: PodFinder) {
    this.#tables = tables;
    const ids = Array.from(tables.get("Port")?.keys() ?? []);
    this.#ports = ids.map((id) => [id, readPort(id, tables, pods)!] as const)
      .sort(([, a], [, b]) => compare(a.name, b.name));
    this.#places = new Map(this.#ports.map(([id], place) => [id, place]));
  }

  bridges(): Bridge[] {
    return Array.from(this.#tables.get("Bridge")?.values() ?? [], (row) => ({
      name: readString(row.name),
      ports: new Set(references(row, "ports")),
      mirrors: references(row, "mirrors"),
    }));
  }

  mirrors(bridge: Bridge): Mirror[] {
    const table = this.#tables.get("Mirror");
    const rows = bridge.mirrors.toSorted(compare)
      .flatMap((id) => table?.has(id) ? [[id, table.get(id)!] as const] : []);
    return Array.from(Map.groupBy(rows, ([, row]) => readString(row.name)), ([name, group]) => ({
      name,
      bridge: bridge.name,
      ...this.#sourcesOf(group.map(([, row]) => row)),
      rows: group.map(([id, row]) => this.#row(id, row, bridge)),
    }));
  }

  #row(id: string, row: Row, bridge: Bridge): MirrorRow {
    const filter = optional(row, "filter");
    return {
      id,
      owner: map(row, "external_ids").get("owner"),
      allPorts: row.select_all === true,
      vlans: numbers(row, "select_vlan"),
      filter: filter === undefined || filter === "" ? undefined : String(filter),
      snaplen: optionalNumber(row, "snaplen"),
      output: this.#output(row, bridge),
      outputVlan: optionalNumber(row, "output_vlan"),
      traffic: traffic(row),
    };
  }

  /** Sets of thousands of identifiers for each mirror would take longer than all else. */
  #sourcesOf(rows: readonly Row[]): Pick<Mirror, "sources" | "sameSources"> {
    const marks = new Uint8Array(this.#ports.length);
    const sizes = rows.flatMap((row) => [
      this.#mark(marks, references(row, "select_src_port"), INGRESS),
      this.#mark(marks, references(row, "select_dst_port"), EGRESS),
    ]);
    const sources = this.#ports.flatMap(([, port], index) =>
      marks[index] ? [this.#source(port, marks[index]!)] : []
    );
    const all = sources.filter(({ ingress }) => ingress).length +
      sources.filter(({ egress }) => egress).length;
    const takeTheSame = new Set(rows.map((row) => row.select_all === true)).size < 2;
    return {
      sources,
      sameSources: takeTheSame && sizes.reduce((sum, size) => sum + size, 0) === all * rows.length,
    };
  }

  /** Notes a direction at ports, and returns how many of them are there. */
  #mark(marks: Uint8Array, ids: readonly string[], direction: number): number {
    let count = 0;
    for (const id of ids) {
      const place = this.#places.get(id);
      if (place === undefined) continue;
      marks[place]! |= direction;
      count++;
    }
    return count;
  }

  #source(port: Port, directions: number): Source {
    const known = this.#sources.get(port) ?? [];
    this.#sources.set(port, known);
    return known[directions] ??= {
      ...port,
      ingress: (directions & INGRESS) > 0,
      egress: (directions & EGRESS) > 0,
    };
  }

  #output(row: Row, { ports }: Bridge): Output | undefined {
    const [id] = references(row, "output_port");
    const place = id === undefined ? undefined : this.#places.get(id);
    const port = place === undefined ? undefined : this.#ports[place]![1];
    return port &&
      { ...port, onBridge: ports.has(id!), dropped: droppedBy(id!, this.#tables) };
  }
}

function traffic(row: Row): Traffic | undefined {
  const packets = counter(row, "tx_packets"), bytes = counter(row, "tx_bytes");
  return packets === undefined || bytes === undefined ? undefined : { packets, bytes };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Adds up what went to all outputs of a mirror.
 *
 * @param mirror The mirror.
 * @returns The sums, of what is counted.
 */
export function totals({ rows }: Mirror): Partial<Traffic> & { dropped?: number } {
  return {
    packets: sum(rows, ({ traffic }) => traffic?.packets),
    bytes: sum(rows, ({ traffic }) => traffic?.bytes),
    dropped: sum(rows, ({ output }) => output?.dropped),
  };
}

/**
 * Adds up what goes to all outputs of a mirror a second.
 *
 * @param mirror The mirror.
 * @returns The sums, if any rate is known.
 */
export function totalRate({ rows }: Mirror): Rate | undefined {
  const packets = sum(rows, ({ rate }) => rate?.packets);
  if (packets === undefined) return undefined;
  return {
    packets,
    bytes: sum(rows, ({ rate }) => rate?.bytes) ?? 0,
    dropped: sum(rows, ({ rate }) => rate?.dropped) ?? 0,
  };
}

function sum(
  rows: readonly MirrorRow[],
  count: (row: MirrorRow) => number | undefined,
): number | undefined {
  const counts = rows.flatMap((row) => count(row) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((total, one) => total + one, 0);
}
