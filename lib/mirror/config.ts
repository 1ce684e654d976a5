/**
 * What a network configuration says about mirrors.
 *
 * @module
 */

import { type Endpoint, parseEndpoint } from "../ovsdb/endpoint.ts";
import {
  isObject,
  isOptionalBoolean,
  isOptionalString,
  isPrintable,
  type Members,
  quote,
  ShapeError,
} from "../input/shape.ts";
import { Refusal } from "./refusal.ts";
import type { PortColumn, Role } from "./role.ts";

/** Where Open vSwitch has its database unless told otherwise. */
export const DEFAULT_SOCKET = "unix:/var/run/openvswitch/db.sock";

/** Longest name of a bridge or mirror, in characters; all of them come back in replies. */
const MAX_NAME = 1024;

/** Configuration files of the `ovs` plugin; each is used if it is there. */
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
  bridge?: string;
  /** The database's address. */
  socket_file?: string;
}

/** The plugin's own members of a network configuration, not yet filled up with defaults. */
export interface PluginMembers extends Defaults {
  /** Path of a configuration file of the `ovs` plugin. */
  configuration_path?: string;
  /** The mirrors, and for a producer the directions. */
  mirrors: { name: string; ingress?: boolean; egress?: boolean }[];
}

/**
 * Reads the plugin's own members of a network configuration. Others are passed over.
 *
 * @param members The members of the network configuration.
 * @returns The plugin's own.
 * @throws {ShapeError} One is missing or of the wrong type.
 */
export function parseMembers(members: Members): PluginMembers {
  if (arePluginMembers(members)) return members;
  throw new ShapeError("configuration", members, "the configuration");
}

/** Whether a value has the plugin's own members. */
export function arePluginMembers(value: unknown): value is PluginMembers {
  return areDefaults(value) && isOptionalString(value.configuration_path) &&
    Array.isArray(value.mirrors) && value.mirrors.length > 0 && value.mirrors.every(isMirror);
}

function isMirror(value: unknown): value is PluginMembers["mirrors"][number] {
  return isObject(value) && typeof value.name === "string" && value.name !== "" &&
    isOptionalBoolean(value.ingress) && isOptionalBoolean(value.egress);
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
  return isObject(value) && isOptionalString(value.bridge) && isOptionalString(value.socket_file);
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
function mergeMirrors(role: Role, mirrors: PluginMembers["mirrors"]): WantedMirror[] {
  const wanted = new Map<string, Set<PortColumn>>();
  mirrors.forEach((mirror, index) => {
    const name = checkName(mirror.name, `"mirrors[${index}].name"`);
    const columns = role.columnsFor(mirror);
    if (columns.length === 0) throw withoutDirection(mirror, index);
    wanted.set(name, new Set([...wanted.get(name) ?? [], ...columns]));
  });
  return Array.from(wanted, ([name, columns]) => ({ name, columns: [...columns] }));
}

function withoutDirection(mirror: PluginMembers["mirrors"][number], index: number): Refusal {
  const known = ["name", "ingress", "egress"];
  const unknown = Object.keys(mirror).filter((key) => !known.includes(key)).map(quote);
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
