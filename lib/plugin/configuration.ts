/**
 * The plugin's configuration: its own members of the network configuration, filled up from the
 * configuration file of the `ovs` plugin.
 *
 * @module
 */

import { describe, FileError } from "../input/files.ts";
import {
  DEFAULT_CONFIGURATION_PATHS,
  type Defaults,
  type MirrorConfiguration,
  parseDefaults,
  parseMembers,
  type PluginMembers,
  resolveConfiguration,
} from "../mirror/config.ts";
import type { Role } from "../mirror/role.ts";
import type { Members } from "../input/shape.ts";

/**
 * Reads the configuration of a request.
 *
 * @param role The role of the port.
 * @param members The members of the network configuration.
 * @returns The configuration.
 * @throws {ShapeError | Refusal} It is not valid.
 * @throws {FileError} A configuration file can't be used.
 */
export async function configure(
  role: Role,
  members: Members,
): Promise<MirrorConfiguration> {
  const own = parseMembers(members);
  return resolveConfiguration(role, own, await loadDefaults(own));
}

async function loadDefaults(own: PluginMembers): Promise<Defaults> {
  let known: Defaults = { bridge: own.bridge, socket_file: own.socket_file };
  const named = own.configuration_path;
  for (const path of named ? [named] : DEFAULT_CONFIGURATION_PATHS) {
    if (known.bridge && known.socket_file) break;
    const { bridge, socket_file } = await loadFile(path, path === named);
    known = { bridge: known.bridge || bridge, socket_file: known.socket_file || socket_file };
  }
  return known;
}

async function loadFile(path: string, mustExist: boolean): Promise<Defaults> {
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new FileError('"configuration_path" is not an absolute path');
  }
  if (describe(path, Deno.statSync)) {
    const { readJson } = await import("../input/json_file.ts");
    return parseDefaults(await readJson(path), path);
  }
  if (mustExist) throw new FileError(`the configuration file ${path} does not exist`);
  return {};
}
