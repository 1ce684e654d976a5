/**
 * All that is shown of a switch at one moment.
 *
 * @module
 */

import { DEFAULT_DIRECTORY } from "../plugin/records/store.ts";
import type { Tables } from "../ovsdb/monitor.ts";
import { map } from "./row_values.ts";
import type { SwitchState } from "./switch.ts";
import type { JudgedMirror } from "./verdict.ts";

/** A switch and its mirrors. */
export interface Report {
  /** The node's name, if it is known. */
  node?: string;
  /** Whether ovs-vswitchd lives. */
  switch: SwitchState;
  /** The mirrors that were asked for. */
  mirrors: readonly JudgedMirror[];
}

/** Where a host has its name; asking the system for it needs a permission of its own. */
const HOST_NAME = "/etc/hostname";

/**
 * Names the node.
 *
 * @param tables The rows.
 * @param isLocal Whether the switch is on this host, so that the host's name will do.
 * @returns What Open vSwitch's start script recorded, else the host's name.
 */
export function nodeName(tables: Tables, isLocal: boolean): string | undefined {
  const [row] = tables.get("Open_vSwitch")?.values() ?? [];
  const recorded = map(row, "external_ids").get("hostname");
  if (recorded || !isLocal) return recorded || undefined;
  try {
    return Deno.readTextFileSync(HOST_NAME).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells where the plugins of this node keep their records.
 *
 * @returns The directory.
 */
export function recordsDirectory(): string {
  return Deno.env.get("OVS_MIRROR_CACHE_DIR") || DEFAULT_DIRECTORY;
}

/**
 * Tells whether something is wrong that the plugins have to do with.
 *
 * @param report What is shown.
 * @returns Whether the switch is down or a mirror of the plugins has a problem.
 */
export function hasProblem({ switch: state, mirrors }: Report): boolean {
  return state === "not running" || state === "not answering" ||
    mirrors.some(({ verdict }) => verdict.problem && !verdict.foreign);
}
