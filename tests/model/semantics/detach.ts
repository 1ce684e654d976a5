/**
 * What is so after a DEL.
 *
 * @module
 */

import { includes, without } from "../database/datum.ts";
import { idOf, type Row, type Tables } from "../database/row.ts";
import { isEmptyAndOurs, isSameRow, named } from "../switch/rows.ts";
import { isMarked, isOwn, type MirrorCall, mirrorsOf, portsOf, unnamed } from "./call.ts";
import { ROLES } from "./promises.ts";
import { COMMON_SEMANTICS, type Semantics, type Step } from "./step.ts";

/** The statements. */
export const DETACH_SEMANTICS: Semantics = {
  ...COMMON_SEMANTICS,

  "no port that ADD would attach is left in a mirror that is named": ({ before, after, call }) => {
    const ports = [...portsOf(before, call)];
    return mirrorsOf(after, call).every((row) =>
      ROLES[call.role.name].columns.every((column) => ports.every((id) => !row[column]!.has(id)))
    );
  },

  "a mirror that is named loses ports of the attachment, and nothing else": (step) =>
    mirrorsOf(step.before, step.call).every((old) => losesPortsAlone(old, step)),

  "a mirror that is not named stays as it is": ({ before, after, call }) =>
    unnamed(before, call).every((old) => {
      const row = after.Mirror.get(idOf(old));
      return row === undefined || isSameRow(old, row);
    }),

  "a mirror that is removed is empty once the ports have left": (step) => {
    const named = new Set(mirrorsOf(step.before, step.call));
    return step.before.Mirror.values().filter((old) => !step.after.Mirror.has(idOf(old)))
      .every((old) => isEmptyAndOurs(named.has(old) ? withoutPorts(old, step) : old));
  },
};

/** Whether a mirror lost ports of the attachment in columns of the role, and nothing else. */
export function losesPortsAlone(old: Row, step: Step): boolean {
  const row = step.after.Mirror.get(idOf(old));
  if (!row) return true;
  const ports = portsOfAttachment(step.before, step.call);
  const { columns } = ROLES[step.call.role.name];
  return isSameRow(old, row, columns) &&
    columns.every((column) =>
      includes(old[column]!, row[column]!) &&
      without(old[column]!, row[column]!).keys().every((id) => ports.includes(`${id}`))
    );
}

/** Ports that may be those of the attachment, wherever they are. */
export function portsOfAttachment({ Port }: Tables, call: MirrorCall): string[] {
  const byName = call.ports.flatMap((name) => named(Port, name));
  const byMark = Port.values().filter((row) => isMarked(row, call));
  return [...byName, ...byMark].filter((row) => isOwn(row, call)).map(idOf);
}

function withoutPorts(mirror: Row, step: Step): Row {
  const ports = new Map(portsOfAttachment(step.before, step.call).map((id) => [id, null]));
  const { columns } = ROLES[step.call.role.name];
  const emptied = columns.map((column) => [column, without(mirror[column]!, ports)]);
  return { ...mirror, ...Object.fromEntries(emptied) };
}
