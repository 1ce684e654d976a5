/**
 * Removal of mirrors that nobody uses any more.
 *
 * @module
 */

import { guard, type Operation } from "../ovsdb/operation.ts";
import { uuidSet } from "../ovsdb/value.ts";
import { IS_EMPTY_AND_OURS } from "./snapshot.ts";

/**
 * Plans the removal of mirrors, each guarded: it is still ours and still empty.
 *
 * `Mirror` is not a root table, so a row goes when its bridge lets go of it.
 *
 * @param bridge The bridge's row.
 * @param mirrors The mirrors' rows.
 * @returns The operations; none if there are no mirrors.
 */
export function sweep(bridge: string, mirrors: readonly string[]): Operation[] {
  if (mirrors.length === 0) return [];
  const guards = mirrors.map((id) =>
    guard("Mirror", [["_uuid", "==", ["uuid", id]], ...IS_EMPTY_AND_OURS], [id])
  );
  return [...guards, {
    op: "mutate",
    table: "Bridge",
    where: [["_uuid", "==", ["uuid", bridge]]],
    mutations: [["mirrors", "delete", uuidSet(mirrors)]],
  }];
}
