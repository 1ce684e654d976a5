/**
 * Plans how ports leave mirrors.
 *
 * @module
 */

import type { Operation } from "../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../ovsdb/result.ts";
import { uuid, uuidSet } from "../ovsdb/value.ts";
import { isOwn } from "./ports.ts";
import type { Role } from "./role.ts";
import { portsOf, SELECT_EMPTY_MIRRORS, type Snapshot } from "./snapshot.ts";

/**
 * Plans a DEL: takes the ports out of the mirrors and asks which mirrors are empty then.
 *
 * @param role The role in which the ports were attached.
 * @param netns Network namespaces of the attachment. A port that the `ovs` plugin made for
 * another one is left alone: it only inherited the name. None known: names are trusted.
 * @param snapshot The database as it was read.
 * @returns The transaction; empty if nothing is attached.
 */
export function planDetach(role: Role, netns: readonly string[], snapshot: Snapshot): Operation[] {
  const ports = portsOf(snapshot).filter((port) => isOwn(port, netns));
  const rows = snapshot.mirrors.filter(({ id }) => snapshot.bridge?.mirrors.includes(id));
  if (ports.length === 0 || rows.length === 0) return [];
  const ids = uuidSet(new Set(ports.map(({ id }) => id)));
  const detachments = rows.map((row): Operation => ({
    op: "mutate",
    table: "Mirror",
    where: [["_uuid", "==", ["uuid", row.id]]],
    mutations: role.columns.map((column) => [column, "delete", ids]),
  }));
  return [...detachments, SELECT_EMPTY_MIRRORS];
}

/**
 * The mirrors of the bridge that are empty once ports have left.
 *
 * @param results What the server answered to {@linkcode planDetach}'s transaction.
 * @param snapshot The snapshot that it was planned from.
 * @returns Rows of `Mirror`.
 */
export function emptied(results: readonly OperationResult[], snapshot: Snapshot): string[] {
  const empty = selectedRows(results.at(-1)).map((row) => uuid(row._uuid));
  return empty.filter((id) => snapshot.bridge?.mirrors.includes(id));
}
