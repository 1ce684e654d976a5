/**
 * The part of the database that a request needs: the rows to read, and their content.
 *
 * Only bounded columns are read. A mirror's sources and a bridge's ports may be thousands, so the
 * database is asked about membership instead.
 *
 * @module
 */

import {
  type Condition,
  isRow,
  type Operation,
  type Select,
  select,
} from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
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
} from "../../ovsdb/value.ts";
import {
  BY_HAND,
  FILTER_FROM_CONSUMER,
  FROM_CONSUMER,
  REMOTE,
  SHARED,
  SHARES,
} from "./external_ids.ts";
import { spellingsOf } from "./netns.ts";
import type { Role } from "../role.ts";

/** Value of `external_ids:owner` in the mirrors that the plugins made. */
export const OWNER = "ovs-cni.network.kubevirt.io";

/** The rows to look for. */
export interface Query {
  /** The role of the ports in the mirrors. */
  role: Role;
  /** The bridge's name. */
  bridge: string;
  /** Names of mirrors. */
  mirrors: readonly string[];
  /** Names of ports. */
  ports: readonly string[];
  /** The attachment, by which the `ovs` plugin marked its port; used where no name is known. */
  attachment?: AttachmentIds;
  /** True to look for ports of the pod's earlier sandboxes too. */
  ofPod?: boolean;
  /** The columns of options to read too, if options matter. */
  optionColumns?: readonly string[];
  /** Names of the ports of tunnels. */
  tunnels?: readonly string[];
}

/** The marks that the `ovs` plugin writes on the port of an attachment. */
export interface AttachmentIds {
  /** Path of the network namespace; empty if it is not known. */
  netns: string;
  /** The interface in the container. */
  ifname: string;
  /** The pod's UID, if it is known. */
  podUid?: string;
}

/** A row of `Mirror` with a name that was looked for, on any bridge. */
export interface MirrorState {
  /** The row's identifier. */
  id: string;
  /** The row's name. */
  name: string;
  /** Identifier of the output port. */
  output?: string;
  /** True if the output is a VLAN (RSPAN). */
  outputVlan: boolean;
  /** Its options, if they were read. */
  rowOptions?: RowOptions;
}

/** The options of a row of `Mirror`, and whose they are. */
export interface RowOptions {
  /** True if the plugins made the row. */
  isOurs: boolean;
  /** True if it was made with the sources of another row of its name. */
  isCopy: boolean;
  /** True if its consumer shares the mirror with others. */
  isShared: boolean;
  /** The far end that its copies are sent to, if there is one. */
  remote?: string;
  /** True if its options came from a consumer. */
  fromConsumer: boolean;
  /** True if its filter came from a consumer. */
  filterFromConsumer: boolean;
  /** The columns that hold options. */
  columns: Readonly<Record<string, Value>>;
  /** True if it has source ports. */
  hasSources: boolean;
}

/** An unused mirror of ours. */
export interface EmptyMirror {
  /** Its row. */
  id: string;
  /** True if it still has options of a vanished consumer. */
  fromConsumer: boolean;
  /** Its output port, which should be that of a tunnel. */
  output?: string;
  /** True if the output is known to be the port of a tunnel of ours. */
  isTunnel?: true;
}

/** A row of `Port`. */
export interface PortState {
  /** The row's identifier. */
  id: string;
  /** The row's name. */
  name: string;
  /** The network namespace that the `ovs` plugin recorded. */
  netns?: string;
  /** The pod's UID that the `ovs` plugin recorded. */
  podUid?: string;
  /** The far end of the tunnel that it is the port of. */
  remote?: string;
}

/** Answers to further questions about rows that an earlier read found. */
export interface Details {
  /** Mirror to the name of its bridge. */
  bridgeOfMirror: ReadonlyMap<string, string>;
  /** Port to the name of its bridge. A port that was asked about and is missing has none. */
  bridgeOfPort: ReadonlyMap<string, string | undefined>;
  /** Name of a port that is the output of a mirror. */
  portNames: ReadonlyMap<string, string>;
  /** Mirrors and ports that they have in a column that conflicts with the role. */
  conflicts: readonly { mirror: string; port: string }[];
}

/** The database at one moment. */
export interface Snapshot {
  /** Absent if there is no such bridge. */
  bridge?: { id: string; mirrors: readonly string[]; datapath?: string };
  /** Mirrors found by name. */
  mirrors: readonly MirrorState[];
  /** Ports found by name. */
  ports: readonly PortState[];
  /** Ports found by attachment. */
  attachedPorts: readonly PortState[];
  /** Ports of the pod, of its earlier sandboxes too, if they were asked for. */
  portsOfPod?: readonly PortState[];
  /** Ports of tunnels, found by name. */
  tunnels?: readonly PortState[];
  /** Mirrors of ours with neither sources nor an output on the node, on any bridge. */
  emptyMirrors: readonly EmptyMirror[];
  /** True if ports are attached by hand, to any mirror. */
  hasByHand?: boolean;
  /** True if the mirrors' options were read too. */
  withOptions?: boolean;
  /** Answers to further questions, if they were asked. */
  details?: Details;
  /** The sources of mirrors that are to be copied, by their rows. */
  sources?: ReadonlyMap<string, Sources>;
}

/** The sources of a mirror. */
export interface Sources {
  /** Rows of the ports whose packets to the switch are mirrored. */
  src: readonly string[];
  /** Rows of the ports whose packets from the switch are mirrored. */
  dst: readonly string[];
  /** Entries of those that are attached by hand. */
  byHand: ReadonlyMap<string, string>;
}

/** Conditions of a mirror that may be removed: ours, with neither sources nor a VLAN as output. */
const IS_OURS_AND_UNUSED: readonly Condition[] = [
  ["external_ids", "includes", stringMap({ owner: OWNER })],
  ["select_src_port", "==", EMPTY],
  ["select_dst_port", "==", EMPTY],
  ["output_vlan", "==", EMPTY],
];

/**
 * Conditions of a mirror that selects no packets otherwise; a vanished consumer's options are
 * exempt.
 */
const SELECTS_NOTHING: readonly Condition[] = [
  ["select_all", "==", false],
  ["select_vlan", "==", EMPTY],
];

/**
 * Conditions of a mirror that may be removed.
 *
 * @param mirror The mirror.
 * @returns The conditions that its row still has to meet.
 */
export function isEmptyStill({ id, fromConsumer, output }: EmptyMirror): Condition[] {
  return [
    isRow(id),
    ...IS_OURS_AND_UNUSED,
    outputIs(output),
    ...(fromConsumer
      ? [["external_ids", "includes", FROM_CONSUMER] satisfies Condition]
      : SELECTS_NOTHING),
  ];
}

/** The condition that a mirror has this port, or none, as its output. */
export function outputIs(port: string | undefined): Condition {
  return ["output_port", "==", port === undefined ? EMPTY : ["uuid", port]];
}

/** Selects the mirrors that may be removed, and some that may not. */
export const SELECT_EMPTY_MIRRORS: Select = select("Mirror", IS_OURS_AND_UNUSED, [
  "_uuid",
  "select_all",
  "select_vlan",
  "external_ids",
  "output_port",
]);

/** Selects the mirrors that ports are attached to by hand, whose time may be over. */
export const SELECT_BY_HAND: Select = select("Mirror", [["external_ids", "includes", BY_HAND]], [
  "_uuid",
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
    const [output] = uuids(row.output_port);
    const isUsed = output !== undefined && !readStringMap(row.external_ids).has(REMOTE);
    return !isUsed && (fromConsumer || !selects)
      ? [{ id: idOf(row), fromConsumer, ...(output && { output }) }]
      : [];
  });
}

/** A question: operations, and the function that reads their answers. */
export interface Question<Answer = Snapshot> {
  /** The questions, for one transaction. */
  operations: Operation[];
  /**
   * Reads the answers.
   *
   * @param results One per operation.
   * @returns The content of the answers.
   * @throws {ProtocolError} They are not rows of Open vSwitch's schema.
   */
  read(results: OperationResult[]): Answer;
}

/**
 * Prepares one read of the database.
 *
 * @param query The rows to look for.
 * @param byAttachment Whether to look for the attachment's port even if names of ports are known.
 * @returns The operations, and the function that turns their results into a snapshot.
 */
export function ask(query: Query, byAttachment = query.ports.length === 0): Question {
  const { tunnels = [] } = query;
  const bridge = select("Bridge", [["name", "==", query.bridge]], [
    "_uuid",
    "mirrors",
    ...(tunnels.length > 0 ? ["datapath_type"] : []),
  ]);
  const mirrors = query.mirrors.flatMap((name) => selectMirrors(name, query.optionColumns));
  const ports = query.ports.map((name) => selectPort([["name", "==", name]]));
  const ends = tunnels.map((name) => selectPort([["name", "==", name]]));
  const attached = byAttachment && query.attachment ? selectAttached(query.attachment) : [];
  const ofPod = query.ofPod && query.attachment ? selectOfPod(query.attachment) : [];
  return {
    operations: [
      bridge,
      SELECT_EMPTY_MIRRORS,
      SELECT_BY_HAND,
      ...mirrors,
      ...ports,
      ...ends,
      ...attached,
      ...ofPod,
    ],
    read(results) {
      const [bridgeRows, emptyRows, byHand, ...rest] = results.map(selectedRows);
      const take = (count: number): Row[] => rest.splice(0, count).flat();
      return {
        bridge: bridgeRows!.map(bridgeState)[0],
        emptyMirrors: emptyMirrorsIn(emptyRows!),
        ...(byHand!.length > 0 && { hasByHand: true }),
        ...(query.optionColumns && { withOptions: true }),
        mirrors: query.optionColumns
          ? query.mirrors.flatMap(() => mirrorsWithOptions(take(1), take(1)))
          : take(mirrors.length).map(mirrorState),
        ports: take(ports.length).map(portState),
        tunnels: take(ends.length).map(portState),
        attachedPorts: take(attached.length).map(portState),
        ...(ofPod.length > 0 && { portsOfPod: take(ofPod.length).map(portState) }),
      };
    },
  };
}

/** The ports found, by name and by attachment; duplicates are possible. */
export function portsOf({ ports, attachedPorts }: Snapshot): readonly PortState[] {
  return [...ports, ...attachedPorts];
}

/** Selects the mirrors of a name; if options matter, those without sources a second time. */
function selectMirrors(name: string, optionColumns: Query["optionColumns"]): Select[] {
  const where: Condition[] = [["name", "==", name]];
  const columns = ["_uuid", "name", "output_port", "output_vlan"];
  if (!optionColumns) return [select("Mirror", where, columns)];
  return [
    select("Mirror", where, [...columns, "external_ids", ...optionColumns]),
    select("Mirror", [...where, ...WITHOUT_SOURCES], ["_uuid"]),
  ];
}

/** Conditions of a mirror without source ports. */
export const WITHOUT_SOURCES: readonly Condition[] = [
  ["select_src_port", "==", EMPTY],
  ["select_dst_port", "==", EMPTY],
];

function selectPort(where: readonly Condition[]): Select {
  return select("Port", where, ["_uuid", "name", "external_ids"]);
}

/**
 * Asks separately for each way in which the port may be marked: the conditions of one `select` must
 * all hold.
 */
function selectAttached({ netns, ifname, podUid }: AttachmentIds): Select[] {
  const byNetns = spellingsOf(netns).map((path) => ({ contNetns: path, contIface: ifname }));
  const byPod = podUid && !netns ? [{ contPodUid: podUid, contIface: ifname }] : [];
  return [...byNetns, ...byPod].map((marks) =>
    selectPort([["external_ids", "includes", stringMap(marks)]])
  );
}

/** Selects the ports of the same interface of the same pod, of any sandbox. */
function selectOfPod({ ifname, podUid }: AttachmentIds): Select[] {
  const marks = { contPodUid: podUid!, contIface: ifname };
  return podUid ? [selectPort([["external_ids", "includes", stringMap(marks)]])] : [];
}

function bridgeState(row: Row) {
  const { datapath_type: datapath } = row;
  return {
    id: idOf(row),
    mirrors: uuids(row.mirrors),
    ...(datapath !== undefined && { datapath: readString(datapath) }),
  };
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
    const rowOptions = {
      isOurs: readStringMap(external_ids).get("owner") === OWNER,
      isCopy: hasMark(row, SHARED),
      isShared: hasMark(row, SHARES),
      remote: readStringMap(external_ids).get(REMOTE),
      fromConsumer: hasMark(row, FROM_CONSUMER),
      filterFromConsumer: hasMark(row, FILTER_FROM_CONSUMER),
      columns,
      hasSources: !idle.has(idOf(row)),
    };
    return { ...mirrorState(row), rowOptions };
  });
}

/** Tells whether a row has the entries of a mark in `external_ids`. */
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
    ...(marks.get(REMOTE) && { remote: marks.get(REMOTE) }),
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
