/**
 * When an ADD has to be refused.
 *
 * @module
 */

import type { Reason } from "../../../lib/mirror/refusal.ts";
import { idOf, type Row, type Tables } from "../database/row.ts";
import { bridgeNamed, has, isEmptyAndOurs, named } from "../switch/rows.ts";
import { type MirrorCall, portsOf } from "./call.ts";
import { MOST_MIRRORS, ROLES } from "./promises.ts";

/**
 * The reasons to refuse an ADD.
 *
 * @param tables The switch.
 * @param call The request.
 * @returns All that apply; none if it is to be carried out.
 */
export function refusals(tables: Tables, call: MirrorCall): Set<Reason> {
  const bridge = bridgeNamed(tables, call.bridge);
  if (!bridge) return new Set(["no bridge"]);
  const ports = portsOf(tables, call);
  if (ports.size === 0 || (ROLES[call.role.name].takesOnePort && ports.size > 1)) {
    return new Set(["no port"]);
  }
  const rows = call.mirrors.flatMap(({ name }) => named(tables.Mirror, name));
  const reasons = rows.flatMap((row) => [
    ...(has(bridge, "mirrors", idOf(row)) ? [] : ["mirror elsewhere" as const]),
    ...(isUnsuitable(row, call, ports) ? ["unsuitable mirror" as const] : []),
    ...(isTaken(row, call, ports) ? ["output taken" as const] : []),
  ]);
  return new Set(isFull(tables, call, bridge) ? [...reasons, "too many mirrors"] : reasons);
}

/** A port would be both source and output of it, or its output is a VLAN. */
function isUnsuitable(row: Row, { role }: MirrorCall, ports: Set<string>): boolean {
  const { conflicting, takesOnePort } = ROLES[role.name];
  const conflicts = conflicting.some((column) =>
    row[column]!.keys().some((id) => ports.has(`${id}`))
  );
  return conflicts || (takesOnePort && row.output_vlan!.size > 0);
}

function isTaken(row: Row, { role }: MirrorCall, ports: Set<string>): boolean {
  return ROLES[role.name].takesOnePort && row.output_port!.keys().some((id) => !ports.has(`${id}`));
}

/** The mirrors that have to be made are more than there is room for, once empty ones are gone. */
function isFull(tables: Tables, { mirrors }: MirrorCall, bridge: Row): boolean {
  const names = mirrors.map(({ name }) => name);
  const made = names.filter((name) => named(tables.Mirror, name).length === 0).length;
  const leftovers = bridge.mirrors!.keys().map((id) => tables.Mirror.get(`${id}`)!)
    .filter((row) => isEmptyAndOurs(row) && !names.includes(`${row.name!.keys().next().value}`));
  const kept = bridge.mirrors!.size - leftovers.toArray().length;
  return made > 0 && kept + made > MOST_MIRRORS;
}
