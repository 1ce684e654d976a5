/**
 * Words for conflicts of an attachment with the database. Loaded only if there may be any.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { type AttachRequest, MAX_MIRRORS } from "../config/config.ts";
import { Refusal } from "../refusal.ts";
import type { MirrorState, PortState, Snapshot } from "../snapshot/snapshot.ts";
import type { UnexplainedRefusal } from "./conflicts.ts";

/** Makes a refusal of a reason, about a mirror, with what is wrong and what to do. */
export type Refuse = (
  reason: Refusal["reason"],
  mirror: string,
  why: string,
  hint: string,
  holder?: string,
) => Refusal;

/**
 * Makes refusals that name what was asked for.
 *
 * @param request What was asked for.
 * @param ports The ports.
 * @returns The function that makes them.
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

/**
 * Explains a conflict.
 *
 * @param request What was asked for.
 * @param refusal What was found.
 * @param snapshot The database as it was read. Without its details names may be missing.
 * @returns The refusal, with its words.
 */
export function explainConflict(
  request: AttachRequest,
  { conflict, ports }: UnexplainedRefusal,
  { details }: Snapshot,
): Refusal {
  const refuse = refusals(request, ports);
  const { row: { name } } = conflict;
  switch (conflict.kind) {
    case "elsewhere": {
      const holder = details?.bridgeOfMirror.get(conflict.row.id);
      const where = holder === undefined ? "another bridge" : `bridge ${quote(holder)}`;
      const hint = "a mirror's name is unique on a switch: choose another, or use that bridge";
      return refuse("mirror elsewhere", name, `a mirror of that name is on ${where}`, hint);
    }
    case "source and output": {
      const why = "the port would be both source and output of it";
      return refuse("unsuitable mirror", name, why, "use another mirror or another port");
    }
    case "VLAN": {
      const why = "its output is a VLAN (RSPAN)";
      return refuse("unsuitable mirror", name, why, "use another mirror, or clear output_vlan");
    }
    case "taken":
      return outputTaken(conflict.row, details, refuse);
    case "too many":
      return refuse(
        "too many mirrors",
        name,
        `the switch carries ${MAX_MIRRORS} mirrors per bridge, and this would be one more`,
        "use a mirror that exists, another bridge, or remove mirrors",
      );
  }
}

function outputTaken(
  { name, output, rowOptions }: MirrorState,
  details: Snapshot["details"],
  refuse: Refuse,
): Refusal {
  const hint =
    'to have several consumers, set "shared" of the mirror to true; otherwise use another mirror, ' +
    "or delete the pod that holds this one; if there is none any more, as after a reboot, delete " +
    "the port";
  const holder = details?.portNames.get(output!) ?? output!;
  const why = rowOptions?.remote === undefined
    ? `its output is port ${quote(holder)}`
    : `its output is the tunnel to ${rowOptions.remote}`;
  return refuse("output taken", name, why, hint, output);
}
