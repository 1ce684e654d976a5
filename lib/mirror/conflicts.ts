/**
 * What in the database stands in the way of an attachment.
 *
 * @module
 */

import type { AttachRequest } from "./request.ts";
import { MAX_MIRRORS } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import type { Role } from "./role.ts";
import type { MirrorState, PortState, Snapshot } from "./snapshot.ts";
import { quote } from "../input/shape.ts";

type Refuse = (reason: Refusal["reason"], mirror: string, why: string, hint: string) => Refusal;

/** What a plan would do, for {@linkcode refuseConflicts} to judge. */
export interface Intent {
  /** The ports to attach. */
  ports: readonly PortState[];
  /** Mirrors to attach them to. */
  rows: readonly MirrorState[];
  /** Names of mirrors to make. */
  missing: readonly string[];
  /** How many mirrors the bridge keeps besides these. */
  kept: number;
}

/**
 * Refuses what the database does not allow.
 *
 * @param request What was asked for.
 * @param intent What the plan would do.
 * @param snapshot The database as it was read.
 * @throws {Refusal} The first thing that stands in the way.
 */
export function refuseConflicts(
  request: AttachRequest,
  intent: Intent,
  snapshot: Snapshot,
): void {
  const refuse = refusals(request, intent.ports);
  for (const row of intent.rows) checkRow(request.role, row, intent.ports, snapshot, refuse);
  checkLimit(intent.kept, intent.missing, refuse);
}

function refusals({ role, bridge }: AttachRequest, ports: readonly PortState[]): Refuse {
  const names = ports.map(({ name }) => quote(name)).join(", ");
  return (reason, mirror, why, hint) =>
    new Refusal(
      reason,
      `Cannot attach port ${names} as ${role.noun} to mirror ${quote(mirror)} ` +
        `on bridge ${quote(bridge)}: ${why}`,
      hint,
    );
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
  if (role.exclusive) checkOutput(row, isOutput, snapshot, refuse);
}

function checkOutput(
  row: MirrorState,
  isOutput: boolean,
  { details }: Snapshot,
  refuse: Refuse,
): void {
  if (row.outputVlan) {
    const why = "its output is a VLAN (RSPAN)";
    throw refuse("unsuitable mirror", row.name, why, "use another mirror, or clear output_vlan");
  }
  if (row.output === undefined || isOutput) return;
  const holder = details?.portNames.get(row.output) ?? row.output;
  const hint =
    "a mirror has one output: use another mirror, or delete the pod that holds this one; " +
    "if there is none any more, as after a reboot, delete the port";
  throw refuse("output taken", row.name, `its output is port ${quote(holder)}`, hint);
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

/**
 * Refuses a bridge that is not there.
 *
 * @param bridge Its name.
 * @returns The refusal.
 */
export function noBridge(bridge: string): Refusal {
  const hint = 'create it, or correct "bridge" in the configuration';
  return new Refusal("no bridge", `There is no bridge ${quote(bridge)} on this switch`, hint);
}
