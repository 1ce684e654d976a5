/**
 * When an ADD has to be refused.
 *
 * @module
 */

import type { WantedMirror } from "../../../lib/mirror/config/config.ts";
import type { Reason } from "../../../lib/mirror/refusal.ts";
import { idOf, type Row, type Tables } from "../database/row.ts";
import { bridgeNamed, has, isEmptyAndOurs, isOurs, named } from "../switch/rows.ts";
import { type MirrorCall, portsOf } from "./call.ts";
import { MOST_MIRRORS, ROLES } from "./promises.ts";

/**
 * The reasons to refuse an ADD.
 *
 * @returns All that apply; none if it is to be carried out.
 */
export function refusals(tables: Tables, call: MirrorCall): Set<Reason> {
  const bridge = bridgeNamed(tables, call.bridge);
  if (!bridge) return new Set(["no bridge"]);
  const ports = portsOf(tables, call);
  if (ports.size === 0 || (ROLES[call.role.name].takesOnePort && ports.size > 1)) {
    return new Set(["no port"]);
  }
  const reasons = call.mirrors.flatMap((wanted) => {
    const rows = named(tables.Mirror, wanted.name);
    return [
      ...rows.some((row) => !has(bridge, "mirrors", idOf(row)))
        ? ["mirror elsewhere" as const]
        : [],
      ...rows.some((row) => isUnsuitable(row, call, ports)) ? ["unsuitable mirror" as const] : [],
      ...reasonOfOutputs(rows, wanted, call, ports),
    ];
  });
  return new Set(isFull(tables, call, bridge, ports) ? [...reasons, "too many mirrors"] : reasons);
}

/** A port would be both source and output of it, or its output is a VLAN. */
function isUnsuitable(row: Row, { role }: MirrorCall, ports: Set<string>): boolean {
  const { conflicting, takesOnePort } = ROLES[role.name];
  const conflicts = conflicting.some((column) =>
    row[column]!.keys().some((id) => ports.has(`${id}`))
  );
  return conflicts || (takesOnePort && row.output_vlan!.size > 0);
}

/** An output is another port's, and nobody shares; or a row of others would have to be copied. */
function reasonOfOutputs(
  rows: readonly Row[],
  wanted: WantedMirror,
  call: MirrorCall,
  ports: Set<string>,
): Reason[] {
  if (!ROLES[call.role.name].takesOnePort || rows.some((row) => isOutputOf(row, ports))) return [];
  if (!wanted.shared) return rows.some(hasOutput) ? ["output taken"] : [];
  return rows.every(hasOutput) && !rows.every(isOurs) ? ["unsuitable mirror"] : [];
}

function hasOutput({ output_port }: Row): boolean {
  return output_port!.size > 0;
}

function isOutputOf({ output_port }: Row, ports: Set<string>): boolean {
  return output_port!.keys().some((id) => ports.has(`${id}`));
}

/** The mirrors that have to be made are more than there is room for, once empty ones are gone. */
function isFull(tables: Tables, call: MirrorCall, bridge: Row, ports: Set<string>): boolean {
  const names = call.mirrors.map(({ name }) => name);
  // A consumer that shares makes a row of its own where the others have an output.
  const made = call.mirrors.filter(({ name, shared }) => {
    const rows = named(tables.Mirror, name);
    return shared
      ? rows.every((row) => hasOutput(row) && !isOutputOf(row, ports))
      : rows.length === 0;
  }).length;
  const leftovers = bridge.mirrors!.keys().map((id) => tables.Mirror.get(`${id}`)!)
    .filter((row) => isEmptyAndOurs(row) && !names.includes(`${row.name!.keys().next().value}`));
  const kept = bridge.mirrors!.size - leftovers.toArray().length;
  return made > 0 && kept + made > MOST_MIRRORS;
}
