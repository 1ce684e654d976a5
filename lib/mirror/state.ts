/**
 * What is known of a switch's database at one moment, as far as a request is about it.
 *
 * @module
 */

import type { Value } from "../ovsdb/value.ts";
import type { Role } from "./role.ts";

/** Value of `external_ids:owner` in the mirrors that the plugins made. */
export const OWNER = "ovs-cni.network.kubevirt.io";

/** What to look for. */
export interface Query {
  /** What the ports are in the mirrors. */
  role: Role;
  /** The bridge's name. */
  bridge: string;
  /** Names of mirrors. */
  mirrors: readonly string[];
  /** Names of ports. */
  ports: readonly string[];
  /** The attachment, by which the `ovs` plugin marked its port; used where no name is known. */
  attachment?: Marks;
  /** Which of the mirrors' options to read too; `filter` is not in every version's schema. */
  options?: "all" | "all but filter";
}

/** What the `ovs` plugin writes on the port of an attachment. */
export interface Marks {
  /** Path of the network namespace; empty if it is not known. */
  netns: string;
  /** The interface in the container. */
  ifname: string;
  /** The pod's UID, if it is known. */
  podUid?: string;
}

/** A row of `Mirror` with a name that was looked for, on whatever bridge. */
export interface MirrorState {
  /** The row's identifier. */
  id: string;
  /** The row's name. */
  name: string;
  /** Identifier of the output port. */
  output?: string;
  /** Whether the output is a VLAN (RSPAN). */
  outputVlan: boolean;
  /** What options it has, if they were read. */
  tap?: TapState;
}

/** The options of a row of `Mirror`, and whose they are. */
export interface TapState {
  /** Whether the plugins made the row. */
  isOurs: boolean;
  /** Whether it was made with the sources of another row of its name. */
  isCopy: boolean;
  /** Whether its options came from a consumer. */
  fromConsumer: boolean;
  /** Whether its filter came from a consumer. */
  filterFromConsumer: boolean;
  /** The columns that hold options. */
  columns: Readonly<Record<string, Value>>;
  /** Whether ports are sources of it. */
  hasSources: boolean;
}

/** A mirror of ours that nobody uses. */
export interface EmptyMirror {
  /** Its row. */
  id: string;
  /** Whether options are left in it of a consumer that vanished. */
  fromConsumer: boolean;
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
}

/** What further questions brought to light; only about rows that an earlier read found. */
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
  bridge?: { id: string; mirrors: readonly string[] };
  /** Mirrors found by name. */
  mirrors: readonly MirrorState[];
  /** Ports found by name. */
  ports: readonly PortState[];
  /** Ports found by attachment. */
  attachedPorts: readonly PortState[];
  /** Mirrors of ours with neither sources nor output, on whatever bridge. */
  emptyMirrors: readonly EmptyMirror[];
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
}
