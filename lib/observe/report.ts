/**
 * All that is shown of a switch at one moment.
 *
 * @module
 */

import { DEFAULT_DIRECTORY } from "../plugin/records/store.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import type { Tables } from "../ovsdb/monitor.ts";
import { map } from "./row_values.ts";
import type { Mirror } from "./model.ts";
import { probeSwitch, type SwitchState } from "./switch.ts";
import { judge, type JudgedMirror } from "./verdict.ts";

/** A switch and its mirrors. */
export interface Report {
  /** The node's name, if it is known. */
  node?: string;
  /** State of ovs-vswitchd. */
  switch: SwitchState;
  /** The mirrors that were asked for. */
  mirrors: readonly JudgedMirror[];
}

/** Milliseconds after which the switch counts what mirrors carried, unless told otherwise. */
const DEFAULT_STATISTICS_INTERVAL = 5000;

/** Seconds by which its first count may be later after a start. */
const SLACK = 2;

/**
 * Tells how often the switch writes statistics.
 *
 * @returns Seconds.
 */
export function statisticsInterval(tables: Tables): number {
  const [row] = tables.get("Open_vSwitch")?.values() ?? [];
  const configured = Number(map(row, "other_config").get("stats-update-interval"));
  return Math.max(configured || 0, DEFAULT_STATISTICS_INTERVAL) / 1000;
}

/**
 * Judges what was read, with all mirrors of the switch.
 *
 * @param mirrors The mirrors in them.
 * @returns All that there is to show.
 */
export async function reportOn(
  endpoint: Endpoint,
  tables: Tables,
  mirrors: readonly Mirror[],
): Promise<Report> {
  const { state, uptime = Infinity } = await probeSwitch(endpoint);
  const hasCounted = uptime > statisticsInterval(tables) + SLACK;
  const known = hasCounted ? mirrors : mirrors.map(withoutZeros);
  const node = nodeName(tables, endpoint.transport === "unix");
  return { node, switch: state, mirrors: judge(known, state) };
}

/** At its start the switch writes zeros, whatever it carries; it counts one interval later. */
function withoutZeros(mirror: Mirror): Mirror {
  const rows = mirror.rows.map((row) =>
    row.traffic?.packets === 0 ? { ...row, traffic: undefined } : row
  );
  return { ...mirror, rows };
}

/** File with the host's name; asking the system needs a permission of its own. */
const HOST_NAME = "/etc/hostname";

/**
 * Names the node.
 *
 * @param isLocal Whether the switch is on this host, so that the host's name will do.
 * @returns What Open vSwitch's start script recorded, else the host's name.
 */
function nodeName(tables: Tables, isLocal: boolean): string | undefined {
  const [row] = tables.get("Open_vSwitch")?.values() ?? [];
  const recorded = map(row, "external_ids").get("hostname");
  if (recorded || !isLocal) return recorded || undefined;
  try {
    return Deno.readTextFileSync(HOST_NAME).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Tells where the plugins of this node keep their records. */
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
