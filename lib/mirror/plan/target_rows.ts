/**
 * The targets of an ADD: its ports, and for each mirror the rows of its name that they go into.
 *
 * @module
 */

import type { AttachRequest, WantedMirror } from "../config/config.ts";
import { noBridge } from "../refusal.ts";
import type { Role } from "../role.ts";
import { attachablePorts } from "../snapshot/ports.ts";
import type { MirrorState, PortState, Snapshot } from "../snapshot/snapshot.ts";

/** The rows for one mirror. */
export interface TargetRows {
  /** The mirror. */
  wanted: WantedMirror;
  /** The rows of its name. */
  rows: readonly MirrorState[];
  /** Those of them that the ports go into. */
  targets: readonly MirrorState[];
  /** True if a row is made, because there is none or for a further consumer. */
  isMade: boolean;
}

/** The targets of an ADD. */
export interface Choice {
  /** The ports to attach. */
  ports: readonly PortState[];
  /** The rows for each mirror. */
  mirrors: readonly TargetRows[];
}

/**
 * Chooses the ports, and the rows for each mirror.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns What the ADD is about.
 * @throws {Refusal} There is no such bridge, or no matching port.
 */
export function choose(request: AttachRequest, snapshot: Snapshot): Choice {
  if (!snapshot.bridge) throw noBridge(request.bridge);
  const ports = attachablePorts(request, snapshot);
  const rowsOf = (name: string) => snapshot.mirrors.filter((row) => row.name === name);
  return {
    ports,
    mirrors: request.mirrors.map((wanted) =>
      chooseTargetRows(request.role, wanted, rowsOf(wanted.name), ports)
    ),
  };
}

/**
 * Chooses the rows for a mirror.
 *
 * @param role The role of the ports.
 * @param wanted The mirror.
 * @param rows The rows of its name.
 * @param ports The ports.
 * @returns The rows. One that has another output and is not shared is among the targets, to be
 * refused.
 */
export function chooseTargetRows(
  role: Role,
  wanted: WantedMirror,
  rows: readonly MirrorState[],
  ports: readonly PortState[],
): TargetRows {
  if (!role.exclusive) {
    const isMade = wanted.remote ? rows.every(isTaken) : rows.length === 0;
    return { wanted, rows, targets: rows, isMade };
  }
  const isOwn = ({ output }: MirrorState) => ports.some(({ id }) => id === output);
  const free = rows.filter((row) => row.output === undefined);
  const own = rows.filter(isOwn);
  const isHeld = free.length < rows.length;
  if (own.length === 0 && !wanted.shared && (isHeld || !rows.some(isCopy))) {
    return { wanted, rows, targets: rows, isMade: rows.length === 0 };
  }
  const all = [...own, ...free.toSorted((one, other) => +isCopy(one) - +isCopy(other))];
  // If a row is a copy, each of them has all sources, and one is enough.
  const targets = rows.some(isCopy) ? all.slice(0, 1) : all;
  return { wanted, rows, targets, isMade: targets.length === 0 };
}

/**
 * Tells whether a row's copies stay on the node, so that copies to a far end need another row.
 */
function isTaken({ output, outputVlan, rowOptions }: MirrorState): boolean {
  return (output !== undefined || outputVlan) && rowOptions?.remote === undefined;
}

function isCopy({ rowOptions }: MirrorState): boolean {
  return rowOptions?.isCopy ?? false;
}
