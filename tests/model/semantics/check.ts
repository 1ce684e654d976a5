/**
 * When a CHECK has to succeed.
 *
 * @module
 */

import { idOf, type Row, type Tables } from "../database/row.ts";
import { bridgeNamed, has, named } from "../switch/rows.ts";
import { type MirrorCall, mirrorsOf, portsOf } from "./call.ts";
import { ROLES } from "./promises.ts";

/**
 * Tells whether each mirror is there, on the bridge, with the ports of the attachment.
 *
 * @param ports Rows of the ports that are on record. Where none are, it was the Go implementation
 * that attached, and of several ports it does so with the first.
 * @returns Whether it is so.
 */
export function isAttached(
  tables: Tables,
  call: MirrorCall,
  ports: readonly string[] = [...portsOf(tables, call)].slice(0, 1),
): boolean {
  const bridge = bridgeNamed(tables, call.bridge);
  const { takesOnePort } = ROLES[call.role.name];
  if (!bridge || ports.length === 0) return false;
  if (!ports.every((id) => has(bridge, "ports", id))) return false;
  const onBridge = new Set(mirrorsOf(tables, call).map(idOf));
  return call.mirrors.every(({ name, columns }) => {
    const rows = named(tables.Mirror, name).filter((row) => onBridge.has(idOf(row)));
    const holds = (row: Row) =>
      columns.every((column) => ports.every((id) => row[column]!.has(id)));
    // Of several rows each may have an output of its own, and all of them have the same sources.
    return takesOnePort ? rows.some(holds) : rows.length > 0 && rows.every(holds);
  });
}
