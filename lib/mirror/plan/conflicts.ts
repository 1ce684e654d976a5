/**
 * Conflicts of an attachment with the database.
 *
 * @module
 */

import { type AttachRequest, MAX_MIRRORS } from "../config/config.ts";
import type { TargetRows } from "./target_rows.ts";
import { Refusal } from "../refusal.ts";
import type { Role } from "../role.ts";
import type { MirrorState, PortState, Snapshot } from "../snapshot/snapshot.ts";
import { quote } from "../../input/shape.ts";

type Refuse = (
  reason: Refusal["reason"],
  mirror: string,
  why: string,
  hint: string,
  holder?: string,
) => Refusal;

/** An intended plan, for {@linkcode refuseConflicts} to judge. */
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

/**
 * Refuses what the database does not allow.
 *
 * @param request What was asked for.
 * @param intent What the plan would do.
 * @param snapshot The database as it was read.
 * @throws {Refusal} The first conflict.
 */
export function refuseConflicts(
  request: AttachRequest,
  intent: Intent,
  snapshot: Snapshot,
): void {
  const refuse = refusals(request, intent.ports);
  const targets = new Set(intent.choices.flatMap(({ targets }) => targets));
  for (const row of intent.rows) checkRow(request.role, row, intent.ports, snapshot, refuse);
  if (request.role.exclusive) {
    for (const row of targets) checkOutput(row, intent.ports, snapshot, refuse);
  }
  checkLimit(intent.kept, intent.missing, refuse);
}

/**
 * Makes refusals that name what was asked for.
 *
 * @param request What was asked for.
 * @param ports The ports.
 * @returns Makes a refusal of a reason, about a mirror, with what is wrong and what to do.
 */
export function refusals({ role, bridge }: AttachRequest, ports: readonly PortState[]): Refuse {
  return (reason, mirror, why, hint, holder) => {
    const names = ports.map(({ name }) => quote(name)).join(", ");
    return new Refusal(
      reason,
      `Cannot attach port ${names} as ${role.noun} to mirror ${quote(mirror)} ` +
        `on bridge ${quote(bridge)}: ${why}`,
      hint,
      holder,
    );
  };
}

function checkRow(
  role: Role,
  row: MirrorState,
  ports: readonly PortState[],
  snapshot: Snapshot,
  refuse: Refuse,
): void {
  const { details } = snapshot;
  if (!snapshot.bridge?.mirrors.includes(row.id)) {
    const holder = details?.bridgeOfMirror.get(row.id);
    const where = holder === undefined ? "another bridge" : `bridge ${quote(holder)}`;
    const hint = "a mirror's name is unique on a switch: choose another, or use that bridge";
    throw refuse("mirror elsewhere", row.name, `a mirror of that name is on ${where}`, hint);
  }
  const isOutput = ports.some(({ id }) => id === row.output);
  const conflicts = details?.conflicts.some(({ mirror, port }) =>
    mirror === row.id && ports.some(({ id }) => id === port)
  );
  if (conflicts || (isOutput && role.conflicting.includes("output_port"))) {
    const why = "the port would be both source and output of it";
    throw refuse("unsuitable mirror", row.name, why, "use another mirror or another port");
  }
}

function checkOutput(
  row: MirrorState,
  ports: readonly PortState[],
  { details }: Snapshot,
  refuse: Refuse,
): void {
  if (row.outputVlan) {
    const why = "its output is a VLAN (RSPAN)";
    throw refuse("unsuitable mirror", row.name, why, "use another mirror, or clear output_vlan");
  }
  if (row.output === undefined || ports.some(({ id }) => id === row.output)) return;
  const holder = details?.portNames.get(row.output) ?? row.output;
  const hint =
    'to have several consumers, set "shared" of the mirror to true; otherwise use another mirror, ' +
    "or delete the pod that holds this one; if there is none any more, as after a reboot, delete " +
    "the port";
  const far = row.rowOptions?.remote;
  const why = far === undefined
    ? `its output is port ${quote(holder)}`
    : `its output is the tunnel to ${far}`;
  throw refuse("output taken", row.name, why, hint, row.output);
}

function checkLimit(kept: number, missing: readonly string[], refuse: Refuse): void {
  const first = missing[Math.max(0, MAX_MIRRORS - kept)];
  if (first === undefined) return;
  throw refuse(
    "too many mirrors",
    first,
    `the switch carries ${MAX_MIRRORS} mirrors per bridge, and this would be one more`,
    "use a mirror that exists, another bridge, or remove mirrors",
  );
}
