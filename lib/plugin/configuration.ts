/**
 * The plugin's configuration: its own members of the network configuration, filled up from the
 * configuration file of the `ovs` plugin.
 *
 * @module
 */

import { FileError, MAX_FILE_BYTES, parse, readRegular } from "../input/files.ts";
import type { Members } from "../input/shape.ts";
import {
  arePluginMembers,
  consumerMembersOf,
  DEFAULT_CONFIGURATION_PATHS,
  DEFAULT_SOCKET,
  type Defaults,
  type MirrorConfiguration,
  type MirrorMembers,
  parseDefaults,
  parseMembers,
  type PluginMembers,
  refuseMisspelt,
  resolveConfiguration,
} from "../mirror/config/config.ts";
import type { ReadableConfiguration } from "../mirror/config/lenient.ts";
import { Refusal } from "../mirror/refusal.ts";
import type { Role } from "../mirror/role.ts";

/**
 * Checks whether a configuration is allowed: first as given, before a configuration file is read,
 * and again once bridge and database are known.
 *
 * @throws {Refusal} It is not.
 */
export type Ask = (own: PluginMembers, whole?: MirrorConfiguration) => void;

/**
 * Reads the configuration of a request.
 *
 * @param role The role of the port.
 * @param members The members of the network configuration.
 * @param ask What it has to be allowed by, if by anything.
 * @returns The configuration.
 * @throws {ShapeError | Refusal} It is not valid.
 * @throws {FileError} A configuration file can't be used.
 */
export async function configure(
  role: Role,
  members: Members,
  ask?: Ask,
): Promise<MirrorConfiguration> {
  refuseMisspelt(members);
  const own = parseMembers(members);
  const isComplete = own.bridge && own.socket_file;
  if (!isComplete) ask?.(own);
  const defaults = isComplete ? {} : await loadDefaults(own.configuration_path ?? "");
  const configuration = resolveConfiguration(role, own, defaults);
  ask?.(own, configuration);
  if (!own.mirrors.some(asksForMore)) return configuration;
  const { withOptions } = await import("../mirror/config/option_members.ts");
  return { ...configuration, mirrors: await withOptions(role, own.mirrors, configuration.mirrors) };
}

/**
 * Reads the configuration of a request as far as it can be read, for a call that must not fail
 * because of it.
 *
 * @param role The role of the port.
 * @param members The members of the network configuration.
 * @returns What could be read.
 */
export async function configureLeniently(
  role: Role,
  members: Members,
): Promise<ReadableConfiguration> {
  const { readLeniently, stringMember } = await import("../mirror/config/lenient.ts");
  const named = stringMember(members, "configuration_path") ?? "";
  const isComplete = stringMember(members, "bridge") && stringMember(members, "socket_file");
  const defaults = isComplete ? {} : await loadDefaults(named).catch(() => ({}));
  const readable = readLeniently(role, members, defaults, DEFAULT_SOCKET);
  if (!arePluginMembers(members) || !members.mirrors.some(asksForMore)) return readable;
  const { withOptions } = await import("../mirror/config/option_members.ts");
  const mirrors = await withOptions(role, members.mirrors, readable.mirrors)
    .catch(() => readable.mirrors);
  return { ...readable, mirrors };
}

/**
 * Reads one file, as the Go implementation does: the named one, or else the first default file that
 * exists.
 *
 * @param named The path that a network names; may be empty.
 * @returns The content of the file; nothing if there is none.
 * @throws {ShapeError} It is not valid.
 * @throws {FileError} It can't be used.
 */
export async function loadDefaults(named: string): Promise<Defaults> {
  if (named && (!named.startsWith("/") || named.includes("\0"))) {
    throw new FileError('"configuration_path" is not an absolute path');
  }
  for (
    const path of named ? [named, ...DEFAULT_CONFIGURATION_PATHS] : DEFAULT_CONFIGURATION_PATHS
  ) {
    const content = await readRegular(path, { followLinks: true, maxBytes: MAX_FILE_BYTES });
    if (content) return parseDefaults(await decode(path, content), path);
  }
  return {};
}

/**
 * Decodes strictly: the plugins of the chain that are written in Go accept no byte order mark
 * either.
 */
async function decode(path: string, content: Uint8Array): Promise<unknown> {
  try {
    if (content[0] !== BYTE_ORDER_MARK) return parse(path, content);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
  const { findFault } = await import("../input/json_fault.ts");
  throw new Refusal(
    "invalid configuration",
    `the configuration file ${path} is not valid JSON: ${findFault(content)}`,
    "correct the file; JSON has neither comments nor a comma before a closing bracket",
  );
}

/** The first byte of the mark in UTF-8; JSON never begins with it. */
const BYTE_ORDER_MARK = 0xef;

function asksForMore(mirror: MirrorMembers): boolean {
  return consumerMembersOf(mirror).length > 0 || Boolean(mirror.remote);
}
