/**
 * The mirrors of a network configuration.
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
  /** The role of the ports in the mirrors. */
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

/** Most mirrors of a bridge that Open vSwitch's datapath supports; it only warns about more. */
export const MAX_MIRRORS = 32;

/** Longest name of a bridge or mirror, in characters; bounded, as replies repeat all names. */
export const MAX_NAME = 1024;

/** The default address of Open vSwitch's database. */
export const DEFAULT_SOCKET = "unix:/var/run/openvswitch/db.sock";

/** Configuration files of the `ovs` plugin; the first that exists is used. */
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
  /** Options of a consumer, or of a producer that sends copies to a far end. */
  options?: MirrorOptions;
  /** Producer: the far end that copies are sent to. */
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
  /** Canonical text of the tunnel, such as `erspan:192.0.2.10,key=7`. */
  text: string;
  /** The name of the tunnel's port. */
  port: string;
  /** The column `options` of its interface. */
  options: Readonly<Record<string, string>>;
}

/** The configuration of a mirror plugin. */
export interface MirrorConfiguration {
  /** The bridge's name. */
  bridge: string;
  /** The database's address. */
  endpoint: Endpoint;
  /** Each name once. */
  mirrors: WantedMirror[];
}

/** Members that the network configuration and the configuration file may both have. */
export interface Defaults {
  /** The bridge's name. */
  bridge?: string | null;
  /** The database's address. */
  socket_file?: string | null;
}

/** The plugin's own members of a network configuration, before defaults are filled in. */
export interface PluginMembers extends Defaults {
  /** Path of a configuration file of the `ovs` plugin. */
  configuration_path?: string | null;
  /** The mirrors, and for a producer the directions. */
  mirrors: MirrorMembers[];
}

/** One mirror of a configuration. */
export interface MirrorMembers extends OptionMembers, Directions {
  /** The mirror's name. */
  name: string;
  /** Consumer: take part though the mirror has an output already. */
  shared?: boolean | null;
  /** Producer: the far end that copies are sent to. */
  remote?: RemoteMembers | null;
}

/** The far end of copies, as in the configuration; `remote.ts` checks it. */
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

/** The members that a mirror of a configuration may have. */
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
 * Refuses misspelt members of the plugin: like all unknown members, they would be ignored.
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

/** Tells whether a value has the plugin's own members, each of its type. */
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
 * @returns Those that are present.
 */
export function consumerMembersOf(mirror: MirrorMembers): typeof CONSUMER_MEMBERS[number][] {
  return CONSUMER_MEMBERS.filter((name) => mirror[name] !== undefined && mirror[name] !== null);
}

/**
 * Reads a configuration file of the `ovs` plugin.
 *
 * @param value The file's content, decoded.
 * @param path The file's path, for messages.
 * @returns The members that concern this plugin.
 * @throws {ShapeError} One of these is of the wrong type.
 */
export function parseDefaults(value: unknown, path: string): Defaults {
  if (areDefaults(value)) return value;
  throw new ShapeError("configuration file", value, `the configuration file ${path}`);
}

/** Tells whether a value has the members of a configuration file, each of its type. */
export function areDefaults(value: unknown): value is Defaults & Members {
  return isObject(value) && isNullishString(value.bridge) && isNullishString(value.socket_file);
}

/**
 * Merges a configuration from its sources.
 *
 * @param role The role of the port.
 * @param members The plugin's own members of the network configuration.
 * @param defaults What fills the members left empty.
 * @returns The configuration.
 * @throws {Refusal} No switch could carry it out.
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

/** Merges mirrors of the same name into one with the directions of both. */
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
