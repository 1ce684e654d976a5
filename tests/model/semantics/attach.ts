/**
 * What is so after an ADD that succeeded.
 *
 * @module
 */

import type { PortColumn } from "../../../lib/mirror/role.ts";
import { includes } from "../database/datum.ts";
import { idOf, type Row } from "../database/row.ts";
import {
  bridgeNamed,
  has,
  isEmptyAndOurs,
  isOurs,
  isSameRow,
  named,
  only,
} from "../switch/rows.ts";
import { mirrorsOf, portsOf, unnamed } from "./call.ts";
import { MOST_MIRRORS, ROLES } from "./promises.ts";
import { COMMON_SEMANTICS, type Semantics, type Step } from "./step.ts";

const PORT_COLUMNS: readonly PortColumn[] = ["select_src_port", "select_dst_port", "output_port"];

/** The statements. */
export const ATTACH_SEMANTICS: Semantics = {
  ...COMMON_SEMANTICS,

  "sources are in each column asked for of each row of the name, an output is in one": (step) =>
    step.call.mirrors.every(({ name, columns }) => {
      const rows = named(step.after.Mirror, name);
      const holds = (row: Row) => hasPorts(row, columns, step);
      return ROLES[step.call.role.name].takesOnePort
        ? rows.some(holds)
        : rows.length > 0 && rows.every(holds);
    }),

  "a mirror is made only where there was none of the name": ({ before, after, call }) =>
    call.mirrors.every(({ name }) =>
      named(after.Mirror, name).length === Math.max(1, named(before.Mirror, name).length)
    ),

  "a mirror that is made is ours, on the bridge, and holds the ports alone": (step) => {
    const bridge = bridgeNamed(step.after, step.call.bridge)!;
    return made(step).every((row) =>
      has(bridge, "mirrors", idOf(row)) && isOurs(row) && holdsPortsAlone(row, step)
    );
  },

  "a mirror that is named gains the ports in the columns asked for, and nothing else": (step) =>
    mirrorsOf(step.before, step.call).every((old) => {
      const row = step.after.Mirror.get(idOf(old));
      const columns = wantedColumns(old, step);
      return row !== undefined && isSameRow(old, row, columns) &&
        columns.every((column) => gainsPortsAlone(old, row, column, step));
    }),

  "a mirror that is not named stays as it is": ({ before, after, call }) =>
    unnamed(before, call).every((old) => {
      const row = after.Mirror.get(idOf(old));
      return row === undefined || isSameRow(old, row);
    }),

  "a mirror that is removed was empty": ({ before, after }) =>
    before.Mirror.values().every((old) => after.Mirror.has(idOf(old)) || isEmptyAndOurs(old)),

  "a bridge that gets a mirror has no more of them than the switch carries": (step) =>
    made(step).length === 0 ||
    bridgeNamed(step.after, step.call.bridge)!.mirrors!.size <= MOST_MIRRORS,

  "the output of a mirror stays whose it was": ({ before, after }) =>
    before.Mirror.values().filter((old) => old.output_port!.size > 0).every((old) =>
      includes(after.Mirror.get(idOf(old))!.output_port!, old.output_port!)
    ),

  "none of the ports is both source and output of a mirror that is named": (step) =>
    mirrorsOf(step.after, step.call).every((row) =>
      [...portsOf(step.before, step.call)].every((id) => !isSourceAndOutput(id, row))
    ),
};

function hasPorts(row: Row, columns: readonly PortColumn[], { before, call }: Step): boolean {
  const ports = [...portsOf(before, call)];
  return columns.every((column) => ports.every((id) => row[column]!.has(id)));
}

function made({ before, after }: Step): Row[] {
  return [...after.Mirror.values()].filter((row) => !before.Mirror.has(idOf(row)));
}

/** Its columns are those that were asked for with the ports, and otherwise empty. */
function holdsPortsAlone(row: Row, step: Step): boolean {
  const { size } = portsOf(step.before, step.call);
  const wanted = wantedColumns(row, step);
  return only(row, "select_all") === false && row.select_vlan!.size === 0 &&
    PORT_COLUMNS.every((column) => row[column]!.size === (wanted.includes(column) ? size : 0));
}

function wantedColumns(row: Row, { call }: Step): readonly PortColumn[] {
  return call.mirrors.find(({ name }) => name === only(row, "name"))?.columns ?? [];
}

function gainsPortsAlone(old: Row, row: Row, column: PortColumn, { before, call }: Step): boolean {
  const ports = portsOf(before, call);
  return includes(row[column]!, old[column]!) &&
    row[column]!.keys().every((id) => old[column]!.has(id) || ports.has(`${id}`));
}

function isSourceAndOutput(port: string, row: Row): boolean {
  return row.output_port!.has(port) &&
    (row.select_src_port!.has(port) || row.select_dst_port!.has(port));
}
