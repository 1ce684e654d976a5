/**
 * The part of the database that a request is about: which rows to ask for, and what they say.
 *
 * Only bounded columns are read. A mirror's sources and a bridge's ports may be thousands, so the
 * database is asked about membership instead.
 *
 * @module
 */

import type { Condition, Operation, Select } from "../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../ovsdb/result.ts";
import {
  atoms,
  EMPTY,
  readString,
  readStringMap,
  type Row,
  stringMap,
  uuid,
  uuids,
  type Value,
} from "../ovsdb/value.ts";
import { FILTER_FROM_CONSUMER, FROM_CONSUMER, SHARED } from "./marks.ts";
import { spellingsOf } from "./netns.ts";
import {
  type EmptyMirror,
  type Marks,
  type MirrorState,
  OWNER,
  type PortState,
  type Query,
  type Snapshot,
} from "./state.ts";
export { OWNER } from "./state.ts";
export type {
  Details,
  EmptyMirror,
  Marks,
  MirrorState,
  PortState,
  Query,
  Snapshot,
  Sources,
  TapState,
} from "./state.ts";

/** What a mirror is like that may be removed: ours, with neither sources nor output. */
const IS_OURS_AND_UNUSED: readonly Condition[] = [
  ["external_ids", "includes", stringMap({ owner: OWNER })],
  ["select_src_port", "==", EMPTY],
  ["select_dst_port", "==", EMPTY],
  ["output_port", "==", EMPTY],
  ["output_vlan", "==", EMPTY],
];

/** Nor does it select packets otherwise, unless that is a remainder of a consumer. */
const SELECTS_NOTHING: readonly Condition[] = [
  ["select_all", "==", false],
  ["select_vlan", "==", EMPTY],
];

/**
 * What a mirror is like that may be removed.
 *
 * @param mirror The mirror.
 * @returns The conditions that its row has to meet still.
 */
export function isEmptyStill({ id, fromConsumer }: EmptyMirror): Condition[] {
  return [
    ["_uuid", "==", ["uuid", id]],
    ...IS_OURS_AND_UNUSED,
    ...(fromConsumer
      ? [["external_ids", "includes", FROM_CONSUMER] satisfies Condition]
      : SELECTS_NOTHING),
  ];
}

/** Finds the mirrors that may be removed, and some that may not. */
export const SELECT_EMPTY_MIRRORS: Select = select("Mirror", IS_OURS_AND_UNUSED, [
  "_uuid",
  "select_all",
  "select_vlan",
  "external_ids",
]);

/**
 * Reads which mirrors may be removed.
 *
 * @param rows What was answered to {@linkcode SELECT_EMPTY_MIRRORS}.
 * @returns The mirrors.
 */
export function emptyMirrorsIn(rows: readonly Row[]): EmptyMirror[] {
  return rows.flatMap((row) => {
    const fromConsumer = hasMark(row, FROM_CONSUMER);
    const selects = row.select_all === true || atoms(row.select_vlan).length > 0;
    return fromConsumer || !selects ? [{ id: idOf(row), fromConsumer }] : [];
  });
}

/** A question: operations, and how their answers add to what is known. */
export interface Question<Answer = Snapshot> {
  /** The questions, for one transaction. */
  operations: Operation[];
  /**
   * Reads the answers.
   *
   * @param results One per operation.
   * @returns What they say.
   * @throws {ProtocolError} They are not rows of Open vSwitch's schema.
   */
  read(results: OperationResult[]): Answer;
}

/**
 * Prepares one read of the database.
 *
 * @param query What to look for.
 * @param byAttachment Whether to look for the attachment's port even if names of ports are known.
 * @returns The operations, and the function that turns their results into a snapshot.
 */
export function ask(query: Query, byAttachment = query.ports.length === 0): Question {
  const bridge = select("Bridge", [["name", "==", query.bridge]], ["_uuid", "mirrors"]);
  const mirrors = query.mirrors.flatMap((name) => selectMirrors(name, query.options));
  const ports = query.ports.map((name) => selectPort([["name", "==", name]]));
  const attached = byAttachment && query.attachment ? selectAttached(query.attachment) : [];
  return {
    operations: [bridge, SELECT_EMPTY_MIRRORS, ...mirrors, ...ports, ...attached],
    read(results) {
      const [bridgeRows, emptyRows, ...rest] = results.map(selectedRows);
      const take = (count: number): Row[] => rest.splice(0, count).flat();
      return {
        bridge: bridgeRows!.map(bridgeState)[0],
        emptyMirrors: emptyMirrorsIn(emptyRows!),
        mirrors: query.options
          ? query.mirrors.flatMap(() => mirrorsWithOptions(take(1), take(1)))
          : take(mirrors.length).map(mirrorState),
        ports: take(ports.length).map(portState),
        attachedPorts: take(attached.length).map(portState),
      };
    },
  };
}

/** The ports found, by name and by attachment; the same one may be there twice. */
export function portsOf({ ports, attachedPorts }: Snapshot): readonly PortState[] {
  return [...ports, ...attachedPorts];
}

/** Reads some columns of some rows. */
export function select(table: string, where: readonly Condition[], columns: string[]): Select {
  return { op: "select", table, where, columns };
}

/** The mirrors of a name; where options matter, those without sources once more. */
function selectMirrors(name: string, options: Query["options"]): Select[] {
  const where: Condition[] = [["name", "==", name]];
  const columns = ["_uuid", "name", "output_port", "output_vlan"];
  if (!options) return [select("Mirror", where, columns)];
  const more = ["external_ids", "select_all", "select_vlan", "snaplen"];
  if (options === "all") more.push("filter");
  return [
    select("Mirror", where, [...columns, ...more]),
    select("Mirror", [...where, ...WITHOUT_SOURCES], ["_uuid"]),
  ];
}

/** What a mirror is like that no port is a source of. */
export const WITHOUT_SOURCES: readonly Condition[] = [
  ["select_src_port", "==", EMPTY],
  ["select_dst_port", "==", EMPTY],
];

function selectPort(where: readonly Condition[]): Select {
  return select("Port", where, ["_uuid", "name", "external_ids"]);
}

/** One question for each way in which the port may be marked: conditions must all hold. */
function selectAttached({ netns, ifname, podUid }: Marks): Select[] {
  const byNetns = spellingsOf(netns).map((path) => ({ contNetns: path, contIface: ifname }));
  const byPod = podUid && !netns ? [{ contPodUid: podUid, contIface: ifname }] : [];
  return [...byNetns, ...byPod].map((marks) =>
    selectPort([["external_ids", "includes", stringMap(marks)]])
  );
}

function bridgeState(row: Row) {
  return { id: idOf(row), mirrors: uuids(row.mirrors) };
}

function mirrorState(row: Row): MirrorState {
  return {
    id: idOf(row),
    name: nameOf(row),
    output: uuids(row.output_port)[0],
    outputVlan: atoms(row.output_vlan).length > 0,
  };
}

function mirrorsWithOptions(rows: readonly Row[], withoutSources: readonly Row[]): MirrorState[] {
  const idle = new Set(withoutSources.map(idOf));
  return rows.map((row) => {
    const { _uuid, name: _, output_port: _1, output_vlan: _2, external_ids, ...columns } = row;
    const tap = {
      isOurs: readStringMap(external_ids).get("owner") === OWNER,
      isCopy: hasMark(row, SHARED),
      fromConsumer: hasMark(row, FROM_CONSUMER),
      filterFromConsumer: hasMark(row, FILTER_FROM_CONSUMER),
      columns,
      hasSources: !idle.has(idOf(row)),
    };
    return { ...mirrorState(row), tap };
  });
}

/** Whether a row has the entries of a mark in `external_ids`. */
export function hasMark(row: Row, mark: Value): boolean {
  const entries = readStringMap(row.external_ids);
  return [...readStringMap(mark)].every(([key, value]) => entries.get(key) === value);
}

function portState(row: Row): PortState {
  const marks = readStringMap(row.external_ids);
  return {
    id: idOf(row),
    name: nameOf(row),
    netns: marks.get("contNetns"),
    ...(marks.get("contPodUid") && { podUid: marks.get("contPodUid") }),
  };
}

/** Identifier of a row. */
export function idOf(row: Row): string {
  return uuid(row._uuid);
}

/** Name of a row. */
export function nameOf(row: Row): string {
  return readString(row.name);
}
