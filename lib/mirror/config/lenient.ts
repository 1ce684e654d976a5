/**
 * Reads a configuration as the Go implementation does, and ignores what is wrong with it. For
 * commands that must not fail because of a configuration: ports have to be detached whether or not
 * ADD would accept the current one.
 *
 * @module
 */

import { isObject, isPrintable, type Members } from "../../input/shape.ts";
import { type Endpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { type Defaults, MAX_MIRRORS, MAX_NAME, type WantedMirror } from "./config.ts";
import type { PortColumn, Role } from "../role.ts";

/** The readable part of a configuration. */
export interface ReadableConfiguration {
  /** The bridge's name, if one is named. */
  bridge?: string;
  /** The database's address; absent if the configuration has something else in its place. */
  endpoint?: Endpoint;
  /** The mirrors; without columns where the configuration asks for none. */
  mirrors: WantedMirror[];
}

/**
 * Reads a member as Go's JSON decoder does: its name in any case, `null` as absent.
 *
 * @param members The members of an object.
 * @param name The member's name.
 * @returns Its value.
 */
export function memberOf(members: Members, name: string): unknown {
  if (Object.hasOwn(members, name)) return members[name] ?? undefined;
  const key = Object.keys(members).find((key) => key.toLowerCase() === name);
  return key === undefined ? undefined : members[key] ?? undefined;
}

/**
 * Reads a member that should be a string.
 *
 * @param members The members of an object.
 * @param name The member's name.
 * @returns The string; nothing if it is empty, too long for a name, or not a string.
 */
export function stringMember(members: Members, name: string): string | undefined {
  const value = memberOf(members, name);
  const isName = typeof value === "string" && value.length <= MAX_NAME && isPrintable(value);
  return isName && value !== "" ? value : undefined;
}

/**
 * Reads the readable part of a configuration.
 *
 * @param role The role of the port.
 * @param members The members of the network configuration.
 * @param defaults What the configuration file says, as far as it could be read.
 * @param socket Where the database is if neither says.
 * @returns The readable part.
 */
export function readLeniently(
  role: Role,
  members: Members,
  defaults: Defaults,
  socket: string,
): ReadableConfiguration {
  const mirrors = memberOf(members, "mirrors");
  return {
    bridge: stringMember(members, "bridge") ?? (defaults.bridge || undefined),
    endpoint: endpointOf(stringMember(members, "socket_file") ?? (defaults.socket_file || socket)),
    mirrors: mergeMirrors(role, Array.isArray(mirrors) ? mirrors : []),
  };
}

function mergeMirrors(role: Role, mirrors: readonly unknown[]): WantedMirror[] {
  const wanted = new Map<string, Set<PortColumn>>();
  for (const mirror of mirrors.filter(isObject)) {
    const name = stringMember(mirror, "name");
    const columns = role.columnsFor({
      ingress: memberOf(mirror, "ingress") === true,
      egress: memberOf(mirror, "egress") === true,
    });
    if (name === undefined) continue;
    wanted.set(name, new Set([...wanted.get(name) ?? [], ...columns]));
  }
  return Array.from(wanted, ([name, columns]) => ({ name, columns: [...columns] }))
    .slice(0, MAX_MIRRORS);
}

function endpointOf(address: string): Endpoint | undefined {
  try {
    return parseEndpoint(address);
  } catch {
    return undefined;
  }
}
