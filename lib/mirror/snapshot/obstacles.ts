/**
 * Further questions about rows that a first read found, to name what conflicts.
 *
 * @module
 */

import { type Condition, isRow, type Select, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { uuidSet } from "../../ovsdb/value.ts";
import { columnsFor } from "../config/options.ts";
import type { PortColumn, Role } from "../role.ts";
import {
  ask,
  type Details,
  nameOf,
  portsOf,
  type Query,
  type Question,
  type Snapshot,
} from "./snapshot.ts";

/**
 * Prepares a further read of the database, with details about what an earlier one found.
 *
 * @param query What to look for.
 * @param earlier The earlier read.
 * @returns The operations, and the function that turns their results into a snapshot.
 */
export function askAgain(query: Query, earlier: Snapshot): Question {
  const basics = ask({ optionColumns: columnsFor(), ...query }, true);
  const details = askDetails(query.role, earlier);
  const count = basics.operations.length;
  return {
    operations: [...basics.operations, ...details.operations],
    read: (results) => ({
      ...basics.read(results.slice(0, count)),
      details: details.read(results.slice(count)),
    }),
  };
}

function askDetails(role: Role, earlier: Snapshot) {
  const mirrors = earlier.mirrors.map(({ id }) => id);
  const ports = [...new Set(portsOf(earlier).map(({ id }) => id))];
  const onBridges = [...ports, ...(earlier.tunnels ?? []).map(({ id }) => id)];
  const outputs = earlier.mirrors.flatMap(({ output }) => output ?? []);
  const pairs = mirrors.flatMap((mirror) => ports.map((port) => ({ mirror, port })));
  const operations = [
    ...mirrors.map((id) => selectBridgeOf("mirrors", id)),
    ...onBridges.map((id) => selectBridgeOf("ports", id)),
    ...outputs.map((id) => select("Port", [isRow(id)], ["name"])),
    ...pairs.flatMap((pair) => role.conflicting.map((column) => selectConflict(column, pair))),
  ];
  return {
    operations,
    read(results: OperationResult[]): Details {
      const rows = results.map(selectedRows);
      const names = (ids: string[]) => ids.map((id) => [id, rows.shift()!.map(nameOf)[0]] as const);
      return {
        bridgeOfMirror: new Map(known(names(mirrors))),
        bridgeOfPort: new Map(names(onBridges)),
        portNames: new Map(known(names(outputs))),
        conflicts: pairs.filter(() => rows.splice(0, role.conflicting.length).flat().length > 0),
      };
    },
  };
}

function known(entries: (readonly [string, string | undefined])[]): [string, string][] {
  return entries.flatMap(([id, name]) => name === undefined ? [] : [[id, name]]);
}

function selectBridgeOf(column: "mirrors" | "ports", id: string): Select {
  return select("Bridge", [[column, "includes", uuidSet([id])]], ["name"]);
}

/** Asks about each column and port separately: the conditions of one `select` must all hold. */
function selectConflict(column: PortColumn, { mirror, port }: { mirror: string; port: string }) {
  const itself: Condition = isRow(mirror);
  return select("Mirror", [itself, [column, "includes", uuidSet([port])]], ["_uuid"]);
}
