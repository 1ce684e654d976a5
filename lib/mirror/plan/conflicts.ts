/**
 * Conflicts of an attachment with the database.
 *
 * @module
 */

import { type AttachRequest, MAX_MIRRORS } from "../config/config.ts";
import { Refusal } from "../refusal.ts";
import type { MirrorState, PortState, Snapshot } from "../snapshot/snapshot.ts";
import type { TargetRows } from "./target_rows.ts";

/** An intended plan, for {@linkcode findConflict} to judge. */
export interface Intent {
  /** The ports to attach. */
  ports: readonly PortState[];
  /** Mirrors of the names that were asked for. */
  rows: readonly MirrorState[];
  /** The rows for each name. */
  choices: readonly TargetRows[];
  /** Names of mirrors to make. */
  missing: readonly string[];
  /** Number of the bridge's other mirrors. */
  kept: number;
}

/** A conflict, and the row of `Mirror` that it is about; of one too many only the name. */
export type Conflict =
  | { kind: "elsewhere" | "source and output" | "VLAN" | "taken"; row: MirrorState }
  | { kind: "too many"; row: Pick<MirrorState, "name"> };

/** A refusal whose words are in a module that is loaded only then. */
export class UnexplainedRefusal extends Refusal {
  /** The conflict. */
  readonly conflict: Conflict;
  /** The ports that were to be attached. */
  readonly ports: readonly PortState[];

  constructor(conflict: Conflict, ports: readonly PortState[]) {
    super("unsuitable mirror", conflict.kind, "");
    this.conflict = conflict;
    this.ports = ports;
  }
}

/**
 * Finds what the database does not allow.
 *
 * @param request What was asked for.
 * @param intent What the plan would do.
 * @param snapshot The database as it was read.
 * @returns The first conflict.
 */
export function findConflict(
  { role }: AttachRequest,
  { ports, rows, choices, missing, kept }: Intent,
  { bridge, details }: Snapshot,
): Conflict | undefined {
  const isOwn = (port?: string) => ports.some(({ id }) => id === port);
  for (const row of rows) {
    if (!bridge?.mirrors.includes(row.id)) return { kind: "elsewhere", row };
    const conflicts = details?.conflicts.some((one) => one.mirror === row.id && isOwn(one.port));
    if (conflicts || (isOwn(row.output) && role.conflicting.includes("output_port"))) {
      return { kind: "source and output", row };
    }
  }
  for (const row of role.exclusive ? choices.flatMap(({ targets }) => targets) : []) {
    if (row.outputVlan) return { kind: "VLAN", row };
    if (row.output !== undefined && !isOwn(row.output)) return { kind: "taken", row };
  }
  const name = missing[Math.max(0, MAX_MIRRORS - kept)];
  return name === undefined ? undefined : { kind: "too many", row: { name } };
}
