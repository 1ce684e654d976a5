/**
 * Mirrors as people think of them: with names instead of row identifiers.
 *
 * @module
 */

import type { Tables } from "../ovsdb/monitor.ts";
import { readString, type Row } from "../ovsdb/value.ts";
import { counter, map, numbers, optional, optionalNumber, references } from "./row_values.ts";
import { byHandOf } from "./by_hand.ts";
import { dropsOf, type HandAttachment, type PodFinder, type Port, readPort } from "./port.ts";

/** A port whose packets are mirrored. */
export interface Source extends Port {
  /** True if packets that the switch receives from the port are mirrored. */
  ingress: boolean;
  /** True if packets that the switch sends to the port are mirrored. */
  egress: boolean;
  /** The attachment by hand, if it is one. */
  byHand?: HandAttachment;
}

/** Destination of a mirror's packets. */
export type Output = PortOutput | VlanOutput;

/** A port that a mirror's packets go to. */
export interface PortOutput extends Port {
  kind: "port";
  /** True if the port is on the mirror's bridge. */
  onBridge: boolean;
  /** Packets for it that were dropped since it came up, if that is counted. */
  dropped?: number;
  /** Packets that never left by it, at least, where that is more than is counted as dropped. */
  lost?: number;
  /** The attachment by hand, if it is one. */
  byHand?: HandAttachment;
}

/** A VLAN that a mirror's packets go to (RSPAN). */
export interface VlanOutput {
  kind: "vlan";
  vlan: number;
}

/** Packets and bytes that the mirror has sent to an output. */
export interface Traffic {
  packets: number;
  /** Without the VLAN tags that copies get. */
  bytes: number;
  /** True if `bytes` is the most that it may be: the switch counts before it cuts copies. */
  isCut?: true;
}

/** Packets and bytes a second that go to an output. */
export interface Rate extends Traffic {
  dropped: number;
}

/** A row of the database's table of mirrors: one output, and what it gets. */
export interface MirrorRow {
  /** Identifier of the row. */
  id: string;
  /** The program that made it, if that is recorded. */
  owner?: string;
  /** True if all ports of the bridge are sources. */
  allPorts: boolean;
  /** The VLANs that it is limited to; all if there are none. */
  vlans: readonly number[];
  /** The expression that packets have to match. */
  filter?: string;
  /** Bytes that copies are cut to. */
  snaplen?: number;
  /** Number of its sources, each direction counted by itself. */
  selected: number;
  /** Destination of its packets; a row without one is not in use. */
  output?: Output;
  /** Absent as long as the switch has not counted. */
  traffic?: Traffic;
  /** Its present rate, if that was measured. */
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
  /** True if the sources of all rows are the same. */
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
  /** Packets that the switch sent to ports, by identifier. */
  readonly #sent: ReadonlyMap<string, number>;
  /** Sources by port and direction: a port may be one of many mirrors. */
  readonly #sources = new Map<Port, Source[]>();

  constructor(tables: Tables, pods: PodFinder) {
    this.#tables = tables;
    const ids = Array.from(tables.get("Port")?.keys() ?? []);
    this.#ports = ids.map((id) => [id, readPort(id, tables, pods)!] as const)
      .sort(([, a], [, b]) => compare(a.name, b.name));
    this.#places = new Map(this.#ports.map(([id], place) => [id, place]));
    this.#sent = sentTo(tables);
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
      ...this.#sourcesOf(group),
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
      selected: references(row, "select_src_port").length +
        references(row, "select_dst_port").length,
      output: this.#output(id, row, bridge),
      traffic: traffic(row),
    };
  }

  /** Sets of thousands of identifiers for each mirror would take longer than all else. */
  #sourcesOf(
    group: readonly (readonly [id: string, row: Row])[],
  ): Pick<Mirror, "sources" | "sameSources"> {
    const rows = group.map(([, row]) => row);
    const hands = byHandOf(group, "source");
    const marks = new Uint8Array(this.#ports.length);
    const sizes = rows.flatMap((row) => [
      this.#mark(marks, references(row, "select_src_port"), INGRESS),
      this.#mark(marks, references(row, "select_dst_port"), EGRESS),
    ]);
    const sources = this.#ports.flatMap(([id, port], index) => {
      if (!marks[index]) return [];
      const source = this.#source(port, marks[index]!);
      return [hands.has(id) ? { ...source, byHand: hands.get(id)! } : source];
    });
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

  #output(rowId: string, row: Row, { ports }: Bridge): Output | undefined {
    const [id] = references(row, "output_port");
    const place = id === undefined ? undefined : this.#places.get(id);
    const port = place === undefined ? undefined : this.#ports[place]![1];
    if (port) {
      const drops = dropsOf(id!, this.#tables, this.#sent.get(id!) ?? 0);
      const byHand = byHandOf([[rowId, row]], "output").get(id!);
      return { kind: "port", ...port, onBridge: ports.has(id!), ...drops, ...byHand && { byHand } };
    }
    const vlan = optionalNumber(row, "output_vlan");
    return vlan === undefined ? undefined : { kind: "vlan", vlan };
  }
}

/** A port may be the output of several mirrors. */
function sentTo(tables: Tables): Map<string, number> {
  const sent = new Map<string, number>();
  for (const row of tables.get("Mirror")?.values() ?? []) {
    const [id] = references(row, "output_port");
    if (id !== undefined) sent.set(id, (sent.get(id) ?? 0) + (counter(row, "tx_packets") ?? 0));
  }
  return sent;
}

function traffic(row: Row): Traffic | undefined {
  const packets = counter(row, "tx_packets"), bytes = counter(row, "tx_bytes");
  if (packets === undefined || bytes === undefined) return undefined;
  const snaplen = optionalNumber(row, "snaplen");
  if (snaplen === undefined) return { packets, bytes };
  return { packets, bytes: Math.min(bytes, packets * snaplen), isCut: true };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sums over all outputs of a mirror, as far as they are known. */
export interface Totals extends Partial<Traffic> {
  dropped?: number;
  /** True if `dropped` is the least that it may be. */
  isLeast?: true;
}

/**
 * Adds up what went to all outputs of a mirror.
 *
 * @returns The sums, of what is known.
 */
export function totals({ rows }: Pick<Mirror, "rows">): Totals {
  return {
    packets: sum(rows, ({ traffic }) => traffic?.packets),
    bytes: sum(rows, ({ traffic }) => traffic?.bytes),
    ...rows.some(({ traffic }) => traffic?.isCut) && { isCut: true },
    dropped: sum(rows, lostBy),
    ...rows.some(losesUncounted) && { isLeast: true },
  };
}

function lostBy({ output }: MirrorRow): number | undefined {
  return output?.kind === "port" ? output.lost ?? output.dropped : undefined;
}

/**
 * Tells whether packets for an output got lost without being counted as dropped.
 *
 * @param row The row of the output.
 * @returns Whether some did.
 */
export function losesUncounted({ output }: MirrorRow): boolean {
  return output?.kind === "port" && output.lost !== undefined;
}

/**
 * Adds up what goes to all outputs of a mirror a second.
 *
 * @returns The sums, if any rate is known; what is dropped only if all of that is counted.
 */
export function totalRate({ rows }: Mirror): Partial<Rate> | undefined {
  const packets = sum(rows, ({ rate }) => rate?.packets);
  if (packets === undefined) return undefined;
  return {
    packets,
    bytes: sum(rows, ({ rate }) => rate?.bytes),
    ...rows.some(({ rate, traffic }) => rate && traffic?.isCut) && { isCut: true },
    dropped: rows.some(losesUncounted) ? undefined : sum(rows, ({ rate }) => rate?.dropped),
  };
}

function sum(
  rows: readonly MirrorRow[],
  count: (row: MirrorRow) => number | undefined,
): number | undefined {
  const counts = rows.flatMap((row) => count(row) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((total, one) => total + one, 0);
}
