/**
 * Plans what is removed with a consumer besides its port: its options, and superfluous rows of the
 * same name. Loaded only if there are any.
 *
 * @module
 */

import { type Condition, guard, isRow, type Operation } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { EMPTY, readStringMap, type Row, stringMap, uuids, uuidSet } from "../../ovsdb/value.ts";
import type { Detachment } from "./detach.ts";
import {
  ALL_FROM_CONSUMER,
  FILTER_FROM_CONSUMER,
  FROM_CONSUMER,
  SHARED,
  SHARES,
} from "../snapshot/external_ids.ts";
import { OPTION_NAMES, OPTIONS, withoutOptions } from "../config/options.ts";
import { hasMark, idOf, nameOf, outputIs, OWNER } from "../snapshot/snapshot.ts";

/**
 * Plans the removal of options, before their consumer is detached.
 *
 * @param detachments What leaves what.
 * @returns The operations; none if no options are on record.
 */
export function planOptionsRemoval(detachments: readonly Detachment[]): Operation[] {
  return detachments.flatMap(({ ports, mirrors, isRenamed }) => {
    const named = mirrors.flatMap((mirror) => !("id" in mirror) && mirror.options ? [mirror] : []);
    const groups = isRenamed ? [{ options: named.flatMap(({ options }) => options ?? []) }] : named;
    return named.length === 0
      ? []
      : ports.flatMap((port) => groups.flatMap((group) => removeOptions(group, port)));
  });
}

function removeOptions(
  { name, options = [] }: { name?: string; options?: readonly string[] },
  port: string,
): Operation[] {
  const columns = OPTION_NAMES.filter((name) => options.includes(name))
    .map((name) => OPTIONS[name].column);
  const where: Condition[] = [...(name ? [["name", "==", name] as const] : []), outputIs(port)];
  const fromConsumer: Condition = ["external_ids", "includes", FROM_CONSUMER];
  const marks = [FILTER_FROM_CONSUMER, ALL_FROM_CONSUMER, FROM_CONSUMER, SHARES];
  const row = withoutOptions(columns);
  return [
    ...(columns.length > 0
      ? [{ op: "update", table: "Mirror", where: [...where, fromConsumer], row } as const]
      : []),
    {
      op: "mutate",
      table: "Mirror",
      where,
      mutations: marks.map((mark) => ["external_ids", "delete", mark] as const),
    },
  ];
}

/** A row to remove because another of its name stays. */
export interface Surplus {
  /** The row. */
  id: string;
  /** The other. */
  stays: string;
  /** The name of both. */
  name: string;
}

/**
 * Finds the rows that are superfluous: ours, without an output, and beside another one of the same
 * name that has the same sources because one of the two was made as a copy.
 *
 * @param results Rows of `Mirror`, name by name.
 * @returns The rows.
 */
export function findSurplus(results: readonly OperationResult[]): Surplus[] {
  return results.map(selectedRows).flatMap((rows) => {
    const left = new Set(rows);
    return rows.filter(isIdleAndOurs).flatMap((row) => {
      const other = left.values().find((one) =>
        one !== row && (hasMark(one, SHARED) || hasMark(row, SHARED))
      );
      if (!other) return [];
      left.delete(row);
      return [{ id: idOf(row), stays: idOf(other), name: nameOf(row) }];
    });
  });
}

function isIdleAndOurs(row: Row): boolean {
  return uuids(row.output_port).length === 0 &&
    readStringMap(row.external_ids).get("owner") === OWNER;
}

/**
 * Plans the removal of superfluous rows, with a guard that each still is.
 *
 * @param surplus The rows.
 * @returns The operations.
 */
export function planRemoval(surplus: readonly Surplus[]): Operation[] {
  return surplus.flatMap(({ id, stays, name }): Operation[] => [
    guard("Mirror", [
      isRow(id),
      ["output_port", "==", EMPTY],
      ["external_ids", "includes", stringMap({ owner: OWNER })],
    ], [id]),
    guard("Mirror", [isRow(stays), ["name", "==", name]], [stays]),
    {
      op: "mutate",
      table: "Bridge",
      where: [["mirrors", "includes", uuidSet([id])]],
      mutations: [["mirrors", "delete", uuidSet([id])]],
    },
  ]);
}
