/**
 * What a network configuration says about mirrors.
 *
 * @module
 */

import { type Endpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import {
  isNullishBoolean,
  isNullishString,
  isObject,
  isPrintable,
  type Members,
  quote,
  ShapeError,
} from "../../input/shape.ts";
import { findLookalike } from "./misspelt.ts";
import {
  CONSUMER_MEMBERS,
  type MirrorOptions,
  OPTION_NAMES,
  type OptionMembers,
  OPTIONS,
} from "./options.ts";
import { Refusal } from "../refusal.ts";
import type { Directions, PortColumn, Role } from "../role.ts";

/** Ports that are to be attached to mirrors. */
export interface AttachRequest {
  /** What the ports become in the mirrors. */
  role: Role;
  /** The bridge's name. */
  bridge: string;
  /** The attachment's network namespace, if it is known. */
  netns?: string;
  /** The pod's UID, if it is known. */
  podUid?: string;
  /** The mirrors to attach to. */
  mirrors: readonly WantedMirror[];
}

/** Mirrors per bridge that Open vSwitch's datapath carries; further ones only make it warn. */
export const MAX_MIRRORS = 32;

/** Longest name of a bridge or mirror, in characters; all of them come back in replies. */
export const MAX_NAME = 1024;

/** Where Open vSwitch has its database unless told otherwise. */
export const DEFAULT_SOCKET = "unix:/var/run/openvswitch/db.sock";

/** Configuration files of the `ovs` plugin; the first that is there is used. */
export const DEFAULT_CONFIGURATION_PATHS: readonly string[] = [
  "/etc/kubernetes/cni/net.d/ovs.d/ovs.conf",
  "/etc/cni/net.d/ovs.d/ovs.conf",
];

/** A mirror that the port is to be attached to. */
export interface WantedMirror {
  /** The mirror's name, unique in the database. */
  name: string;
  /** The columns that the port goes into. */
  columns: PortColumn[];
  /** Consumer: whether to take part though the mirror has an output already. */
  shared?: boolean;
  /** What a consumer, or a producer that sends copies away, wants of the packets. */
  options?: MirrorOptions;
  /** Producer: where beyond the node copies go to. */
  remote?: Remote;
}

/** The far end of a tunnel, and the tunnel's port. */
export interface Remote {
  /** The type of the tunnel. */
  type: "erspan" | "gre" | "vxlan" | "geneve";
  /** The address of the far end. */
  address: string;
  /** The key, session or network identifier, if there is one. */
  key?: number;
  /** All of it, always the same for the same tunnel, such as `erspan:192.0.2.10,key=7`. */
  text: string;
  /** The name of the tunnel's port. */
  port: string;
  /** The column `options` of its interface. */
  options: Readonly<Record<string, string>>;
}

/** What a mirror plugin was configured to do. */
export interface MirrorConfiguration {
  /** The bridge's name. */
  bridge: string;
  /** Where the database is. */
  endpoint: Endpoint;
  /** Each name once. */
  mirrors: WantedMirror[];
}

/** What a network configuration and the configuration file may both say. */
export interface Defaults {
  /** The bridge's name. */
  bridge?: string | null;
  /** The database's address. */
  socket_file?: string | null;
}

/** The plugin's own members of a network configuration, not yet filled up with defaults. */
export interface PluginMembers extends Defaults {
  /** Path of a configuration file of the `ovs` plugin. */
  configuration_path?: string | null;
  /** The mirrors, and for a producer the directions. */
  mirrors: MirrorMembers[];
}

/** What a configuration says about one mirror. */
export interface MirrorMembers extends OptionMembers, Directions {
  /** The mirror's name. */
  name: string;
  /** Consumer: take part though the mirror has an output already. */
  shared?: boolean | null;
  /** Producer: where beyond the node copies go to. */
  remote?: RemoteMembers | null;
}

/** Where copies go to, as a configuration has it; `remote.ts` checks it. */
export interface RemoteMembers extends Pick<Remote, "type" | "address"> {
  key?: number | null;
  port?: number | null;
  source?: string | null;
  version?: number | null;
  index?: number | null;
  direction?: "ingress" | "egress" | null;
  hardware?: number | null;
  ttl?: number | null;
  dscp?: number | null;
}

/** The plugin's own members of a configuration. */
const MEMBERS = ["bridge", "socket_file", "configuration_path", "mirrors"];

/** What a mirror of a configuration may have. */
const MIRROR_MEMBERS: readonly string[] = [
  "name",
  "ingress",
  "egress",
  "remote",
  ...CONSUMER_MEMBERS,
];

/**
 * Reads the plugin's own members of a network configuration. Unknown ones are ignored.
 *
 * @param members The members of the network configuration.
 * @returns The plugin's own.
 * @throws {ShapeError} One is missing or of the wrong type.
 */
export function parseMembers(members: Members): PluginMembers {
  if (arePluginMembers(members)) return members;
  throw new ShapeError("configuration", members, "the configuration");
}

/**
 * Refuses members that look like the plugin's own: they would be ignored, as unknown members are,
 * and what was meant would not be done.
 *
 * @param members The members of the network configuration.
 * @throws {Refusal} One differs from a known one in its case or by one slip.
 */
export function refuseMisspelt(members: Members): void {
  refuseLookalike(members, MEMBERS, "");
  const mirrors = Array.isArray(members.mirrors) ? members.mirrors : [];
  mirrors.forEach((mirror, index) => {
    if (isObject(mirror)) refuseLookalike(mirror, MIRROR_MEMBERS, `mirrors[${index}].`);
  });
}

function refuseLookalike(members: Members, known: readonly string[], path: string): void {
  const found = findLookalike(members, known);
  if (!found) return;
  const name = quote(path + found.name);
  throw invalid(`the configuration has an unknown member ${name}`, `is "${found.meant}" meant?`);
}

/** Whether a value has the plugin's own members. */
export function arePluginMembers(value: unknown): value is PluginMembers {
  return areDefaults(value) && isNullishString(value.configuration_path) &&
    Array.isArray(value.mirrors) && value.mirrors.length > 0 && value.mirrors.every(isMirror);
}

function isMirror(value: unknown): value is MirrorMembers {
  return isObject(value) && typeof value.name === "string" && value.name !== "" &&
    isNullishBoolean(value.ingress) && isNullishBoolean(value.egress) &&
    isNullishBoolean(value.shared) &&
    (value.remote === undefined || value.remote === null || isObject(value.remote)) &&
    OPTION_NAMES.every((name) =>
      value[name] === undefined || value[name] === null || OPTIONS[name].isValid(value[name])
    );
}

/**
 * Tells which members of a mirror only a consumer may have.
 *
 * @param mirror What a configuration says about a mirror.
 * @returns Those of them that are there.
 */
export function consumerMembersOf(mirror: MirrorMembers): typeof CONSUMER_MEMBERS[number][] {
  return CONSUMER_MEMBERS.filter((name) => mirror[name] !== undefined && mirror[name] !== null);
}

/**
 * Reads a configuration file of the `ovs` plugin.
 *
 * @param value The file's content, decoded.
 * @param path The file's path, for messages.
 * @returns What it says that concerns this plugin.
 * @throws {ShapeError} One of these is of the wrong type.
 */
export function parseDefaults(value: unknown, path: string): Defaults {
  if (areDefaults(value)) return value;
  throw new ShapeError("configuration file", value, `the configuration file ${path}`);
}

/** Whether a value has the members that may stand in a configuration file. */
export function areDefaults(value: unknown): value is Defaults & Members {
  return isObject(value) && isNullishString(value.bridge) && isNullishString(value.socket_file);
}

/**
 * Puts a configuration together.
 *
 * @param role The role of the port.
 * @param members The plugin's own members of the network configuration.
 * @param defaults What fills the members left empty.
 * @returns The configuration.
 * @throws {Refusal} It can't be carried out by any switch.
 */
export function resolveConfiguration(
  role: Role,
  members: PluginMembers,
  defaults: Defaults,
): MirrorConfiguration {
  const bridge = members.bridge || defaults.bridge;
  if (!bridge) {
    throw invalid(
      "the configuration names no bridge",
      'set "bridge" in the network configuration or in the configuration file of the ovs plugin',
    );
  }
  return {
    bridge: checkName(bridge, '"bridge"'),
    endpoint: resolveEndpoint(members.socket_file || defaults.socket_file || DEFAULT_SOCKET),
    mirrors: mergeMirrors(role, members.mirrors),
  };
}

function resolveEndpoint(address: string): Endpoint {
  try {
    return parseEndpoint(address);
  } catch (error) {
    const hint = (error as Error).message;
    throw invalid('"socket_file" is not an address of a database', hint);
  }
}

/** The same mirror named twice is one mirror, with the directions of both. */
function mergeMirrors(role: Role, mirrors: readonly MirrorMembers[]): WantedMirror[] {
  const wanted = new Map<string, Set<PortColumn>>();
  mirrors.forEach((mirror, index) => {
    const name = checkName(mirror.name, `"mirrors[${index}].name"`);
    const columns = role.columnsFor(mirror);
    if (columns.length === 0) throw withoutDirection(mirror, index);
    wanted.set(name, new Set([...wanted.get(name) ?? [], ...columns]));
  });
  if (wanted.size > MAX_MIRRORS) {
    const message =
      `the configuration names ${wanted.size} mirrors, and a bridge carries ${MAX_MIRRORS}`;
    throw invalid(message, "name fewer mirrors, or put the port on several bridges");
  }
  return Array.from(wanted, ([name, columns]) => ({ name, columns: [...columns] }));
}

function withoutDirection(mirror: MirrorMembers, index: number): Refusal {
  const unknown = Object.keys(mirror).filter((key) => !MIRROR_MEMBERS.includes(key))
    .map((key) => quote(key));
  const misspelt = unknown.length > 0 ? `; unknown there: ${unknown.slice(0, 5).join(", ")}` : "";
  return invalid(
    `mirrors[${index}], ${quote(mirror.name)}, mirrors no traffic of its producer${misspelt}`,
    'set "ingress" or "egress" of the mirror to true',
  );
}

function checkName(name: string, member: string): string {
  if (name.length > MAX_NAME) {
    throw invalid(`${member} is longer than ${MAX_NAME} characters`, "use a shorter name");
  }
  if (isPrintable(name)) return name;
  throw invalid(`${member} holds characters that no name may have`, "use printable characters");
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
