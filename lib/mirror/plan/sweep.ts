/**
 * Removes mirrors that are no longer used.
 *
 * @module
 */

import { guard, isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { uuids, uuidSet } from "../../ovsdb/value.ts";
import {
  type EmptyMirror,
  emptyMirrorsIn,
  idOf,
  isEmptyStill,
  SELECT_EMPTY_MIRRORS,
} from "../snapshot/snapshot.ts";

/** Mirrors of one bridge that may be removed. */
export interface EmptyMirrors {
  /** Row of the bridge. */
  bridge: string;
  /** The mirrors. */
  mirrors: readonly EmptyMirror[];
}

/**
 * Asks which mirrors of bridges are unused.
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
      const empty = emptyMirrorsIn(selectedRows(first));
      return rest.flatMap(selectedRows)
        .map((row) => {
          const onBridge = new Set(uuids(row.mirrors));
          return { bridge: idOf(row), mirrors: empty.filter(({ id }) => onBridge.has(id)) };
        })
        .filter(({ mirrors }) => mirrors.length > 0);
    },
  };
}

/** Tells whether a mirror is known to have no output on the node. */
export function isRemovable({ output, isTunnel }: EmptyMirror): boolean {
  return output === undefined || isTunnel === true;
}

/**
 * Plans the removal of mirrors, with guards that each is still ours and still empty.
 *
 * `Mirror` is not a root table, so a row is deleted when its bridge no longer refers to it.
 *
 * @param bridge The bridge's row.
 * @param empty The mirrors.
 * @returns The operations; none if there are no mirrors.
 */
export function sweep(bridge: string, empty: readonly EmptyMirror[]): Operation[] {
  const mirrors = empty.filter(isRemovable);
  if (mirrors.length === 0) return [];
  const guards = mirrors.map((mirror) => guard("Mirror", isEmptyStill(mirror), [mirror.id]));
  return [...guards, {
    op: "mutate",
    table: "Bridge",
    where: [isRow(bridge)],
    mutations: [["mirrors", "delete", uuidSet(mirrors.map(({ id }) => id))]],
  }];
}
