/**
 * Removal of mirrors that nobody uses any more.
 *
 * @module
 */

import { guard, type Operation } from "../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../ovsdb/result.ts";
import { uuids, uuidSet } from "../ovsdb/value.ts";
import { idOf, IS_EMPTY_AND_OURS, select, SELECT_EMPTY_MIRRORS } from "./snapshot.ts";

/** Mirrors of one bridge that may be removed. */
export interface EmptyMirrors {
  /** Row of the bridge. */
  bridge: string;
  /** Rows of the mirrors. */
  mirrors: readonly string[];
}

/**
 * Asks which mirrors of bridges nobody uses.
 *
 * @param bridges Names of bridges.
 * @returns The operations, and the function that reads their results.
 */
export function askEmpty(bridges: readonly string[]): {
  operations: Operation[];
  read(results: readonly OperationResult[]): EmptyMirrors[];
} {
  const selects = bridges.map((name) =>
    select("Bridge", [["name", "==", name]], ["_uuid", "mirrors"])
  );
  return {
    operations: [SELECT_EMPTY_MIRRORS, ...selects],
    read([first, ...rest]) {
      const empty = new Set(selectedRows(first).map(idOf));
      return rest.flatMap(selectedRows)
        .map((row) => ({
          bridge: idOf(row),
          mirrors: uuids(row.mirrors).filter((id) => empty.has(id)),
        }))
        .filter(({ mirrors }) => mirrors.length > 0);
    },
  };
}

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
