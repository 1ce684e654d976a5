/**
 * Ports attached by hand: each has an entry in `external_ids` of the mirror's row with its columns
 * and its end. There is no record on the node, so every client of the database knows them.
 *
 * @module
 */

import { isRow, type Mutation, type Operation, select, type Wait } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap, type Row, stringMap, uuidSet, type Value } from "../../ovsdb/value.ts";
import type { WantedMirror } from "../config/config.ts";
import type { PortColumn } from "../role.ts";
import { BY_HAND, BY_HAND_PREFIX } from "../snapshot/external_ids.ts";
import { idOf, nameOf, type Question } from "../snapshot/snapshot.ts";

/** A port that is attached to a mirror by hand. */
export interface ByHand {
  /** Row of the mirror. */
  row: string;
  /** The mirror's name. */
  mirror: string;
  /** Row of the port. */
  port: string;
  /** The columns that it is in only by hand. */
  columns: readonly PortColumn[];
  /** Options that came with it. */
  options: readonly string[];
  /** Time at which it ends, in seconds since 1970. Default: never. */
  until?: number;
  /** True if the port was made for it, as the node's own interface. */
  isInternal: boolean;
}

const COLUMNS: readonly string[] = ["select_src_port", "select_dst_port", "output_port"];

/**
 * Reads the ports attached to a mirror by hand. A malformed entry has no columns.
 *
 * @param row A row of `Mirror` with its identifier, name and `external_ids`.
 * @returns Each port.
 */
export function byHandIn(row: Row): ByHand[] {
  return [...readStringMap(row.external_ids)].flatMap(([key, value]) => {
    if (!key.startsWith(BY_HAND_PREFIX)) return [];
    const words = value.split(" ");
    const until = Number(wordOf(words, "until"));
    return [{
      row: idOf(row),
      mirror: nameOf(row),
      port: key.slice(BY_HAND_PREFIX.length),
      columns: words.filter((word) => COLUMNS.includes(word)) as PortColumn[],
      options: wordOf(words, "options")?.split(",") ?? [],
      ...(until > 0 && { until }),
      isInternal: words.includes("internal"),
    }];
  });
}

function wordOf(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function entryOf({ columns, options, until, isInternal }: Omit<ByHand, "row" | "mirror">): string {
  return [
    ...columns,
    ...(options.length > 0 ? [`options=${options}`] : []),
    ...(until ? [`until=${until}`] : []),
    ...(isInternal ? ["internal"] : []),
  ].join(" ");
}

/** All ports attached by hand, and the number of the configuration that they were read from. */
export interface AllByHand {
  /** Each port. */
  all: readonly ByHand[];
  /** The number of the last change. */
  number: Value;
}

/**
 * Asks which ports are attached by hand.
 *
 * @returns The question.
 */
export function askByHand(): Question<AllByHand> {
  return {
    operations: [
      select("Mirror", [["external_ids", "includes", BY_HAND]], ["_uuid", "name", "external_ids"]),
      select("Open_vSwitch", [], ["next_cfg"]),
    ],
    read([mirrors, numbers]) {
      return {
        all: selectedRows(mirrors).flatMap(byHandIn),
        number: selectedRows(numbers)[0]?.next_cfg ?? 0,
      };
    },
  };
}

/**
 * Asks which of the columns a port is in already, other than by hand.
 *
 * @param mirrors The mirrors.
 * @param port Row of the port.
 * @returns The question; its answer names a mirror and its columns.
 */
export function askHeld(
  mirrors: readonly WantedMirror[],
  port: string,
): Question<Map<string, PortColumn[]>> {
  const places = mirrors.flatMap(({ name, columns }) =>
    columns.map((column) => ({ name, column }))
  );
  return {
    operations: places.map(({ name, column }) =>
      select("Mirror", [["name", "==", name], [column, "includes", uuidSet([port])]], [
        "_uuid",
        "name",
        "external_ids",
      ])
    ),
    read(results) {
      const held = new Map<string, PortColumn[]>();
      places.forEach(({ name, column }, index) => {
        // Of several rows of a name, a copy made later has the port without the entry.
        const rows = selectedRows(results[index]);
        const isByHand = (row: Row) =>
          byHandIn(row).some((one) => one.port === port && one.columns.includes(column));
        if (rows.length === 0 || rows.some(isByHand)) return;
        held.set(name, [...held.get(name) ?? [], column]);
      });
      return held;
    },
  };
}

/**
 * Writes the entries of ports attached by hand into mirrors, joined with earlier ones; to be done
 * after attaching. A guard makes sure that the configuration has not changed since it was read.
 *
 * @param mirrors The mirrors.
 * @param held The columns that the port is in anyway.
 * @param port Row of the port, until when, and whether it was made for it.
 * @returns The operations.
 */
export function planByHand(
  mirrors: readonly WantedMirror[],
  held: ReadonlyMap<string, readonly PortColumn[]>,
  port: Pick<ByHand, "port" | "until" | "isInternal">,
  { all, number }: AllByHand,
): Operation[] {
  const key = BY_HAND_PREFIX + port.port;
  const changes = mirrors.flatMap(({ name, columns: wanted, options = {} }): Operation[] => {
    const columns = wanted.filter((column) => !held.get(name)?.includes(column));
    if (columns.length === 0) return [];
    const before = all.filter((one) => one.port === port.port && one.mirror === name);
    const entry = entryOf({
      ...port,
      columns: [...new Set([...columns, ...before.flatMap(({ columns }) => columns)])],
      options: [...new Set([...Object.keys(options), ...before.flatMap((one) => one.options)])],
      isInternal: port.isInternal || before.some(({ isInternal }) => isInternal),
    });
    return [{
      op: "mutate",
      table: "Mirror",
      where: [["name", "==", name], [columns[0]!, "includes", uuidSet([port.port])]],
      mutations: [
        ["external_ids", "delete", ["set", [key]]],
        ["external_ids", "insert", stringMap({ [key]: entry, "ovs-mirror-hand": "on" })],
      ],
    }];
  });
  return changes.length > 0 ? [unchangedSince(number), ...changes] : [];
}

function unchangedSince(number: Value): Wait {
  return {
    op: "wait",
    table: "Open_vSwitch",
    where: [],
    columns: ["next_cfg"],
    until: "==",
    rows: [{ next_cfg: number }],
    timeout: 0,
  };
}

/**
 * Removes the entries of ports attached by hand. A guard makes sure that the configuration has not
 * changed since it was read, so that a plugin that attached the same port meanwhile is noticed.
 *
 * @param entries The entries to forget.
 * @param found What was read.
 * @returns The operations.
 */
export function forgetByHand(
  entries: readonly ByHand[],
  { all, number }: AllByHand,
): Operation[] {
  const changes = entries.map(({ row, port }): Operation => {
    const isLast = all.every((one) => one.row !== row || entries.includes(one));
    const mutations: Mutation[] = [
      ["external_ids", "delete", ["set", [BY_HAND_PREFIX + port]]],
      ...(isLast ? [["external_ids", "delete", BY_HAND] as const] : []),
    ];
    return { op: "mutate", table: "Mirror", where: [isRow(row)], mutations };
  });
  return [unchangedSince(number), ...changes];
}

/** The mark of a port that was made by hand, as an interface of the node. */
export const INTERNAL = { "ovs-mirror-hand": "internal" };

/** The key of the time when it was made, in milliseconds since 1970. */
export const SINCE = "ovs-mirror-hand-since";

/** Longest time that an interface of the node may lack its mirror or source, in milliseconds. */
export const MAX_STRAY = 60_000;

/**
 * Makes an interface of the node on a bridge, for copies to arrive at.
 *
 * @param bridge The bridge's name.
 * @param name The interface's name.
 * @param external_ids What tells that it was made by hand.
 * @returns The operations.
 */
export function makeInternal(bridge: string, name: string, external_ids: Value): Operation[] {
  const row = { name, type: "internal" };
  const interfaces: Value = ["named-uuid", "interface"];
  return [
    { op: "insert", table: "Interface", row, "uuid-name": "interface" },
    { op: "insert", table: "Port", row: { name, interfaces, external_ids }, "uuid-name": "port" },
    {
      op: "mutate",
      table: "Bridge",
      where: [["name", "==", bridge]],
      mutations: [["ports", "insert", ["set", [["named-uuid", "port"]]]]],
    },
  ];
}

/** Removes a port from whatever bridge it is on. */
export function removePort(id: string): Operation {
  return {
    op: "mutate",
    table: "Bridge",
    where: [["ports", "includes", uuidSet([id])]],
    mutations: [["ports", "delete", uuidSet([id])]],
  };
}
