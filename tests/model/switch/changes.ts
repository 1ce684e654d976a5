/**
 * What others do to a switch.
 *
 * @module
 */

import * as fc from "fast-check";
import { OWNER } from "../../../lib/mirror/snapshot/snapshot.ts";
import type { Mutation, Operation } from "../../../lib/ovsdb/operation.ts";
import { EMPTY, stringMap, uuidSet, type Value } from "../../../lib/ovsdb/value.ts";
import type { ModelDatabase } from "../database/database.ts";
import { idOf, type Tables } from "../database/row.ts";
import { named } from "./rows.ts";

/** The names that a change is about; each kind of change uses some of them. */
interface Names {
  bridge: string;
  mirror: string;
  other: string;
  port: string;
}

/** A change, by its kind. */
export interface Change extends Names {
  kind: keyof typeof KINDS;
}

const KINDS = {
  "remove port": (
    { port }: Names,
    tables: Tables,
  ) => [onBridges("ports", "delete", ids(tables.Port, port))],
  "move port": ({ port, bridge }: Names, tables: Tables) =>
    move("ports", ids(tables.Port, port), bridge),
  "remove mirror": ({ mirror }: Names, tables: Tables) => [
    onBridges("mirrors", "delete", ids(tables.Mirror, mirror)),
  ],
  "move mirror": ({ mirror, bridge }: Names, tables: Tables) =>
    move("mirrors", ids(tables.Mirror, mirror), bridge),
  "add mirror": ({ mirror, bridge }: Names) => insertMirror(mirror, bridge),
  "rename mirror": ({ mirror, other }: Names) => [updateMirror(mirror, { name: other })],
  "disown mirror": ({ mirror }: Names) => [updateMirror(mirror, { external_ids: stringMap({}) })],
  "take output": ({ mirror, port }: Names, tables: Tables) => [
    updateMirror(mirror, { output_port: ids(tables.Port, port) }),
  ],
  "free output": ({ mirror }: Names) => [updateMirror(mirror, { output_port: EMPTY })],
  "mirror to VLAN": ({ mirror }: Names) => [updateMirror(mirror, { output_vlan: 9 })],
  "add source": ({ mirror, port }: Names, tables: Tables) => [
    mutateMirror(mirror, ["select_src_port", "insert", ids(tables.Port, port)]),
  ],
  "remove source": ({ mirror, port }: Names, tables: Tables) => [
    mutateMirror(mirror, ["select_src_port", "delete", ids(tables.Port, port)]),
  ],
  "remove bridge": ({ bridge }: Names) => [
    { op: "delete", table: "Bridge", where: [["name", "==", bridge]] },
  ],
} satisfies Record<string, (names: Names, tables: Tables) => Operation[]>;

/** Changes that touch what requests are about. */
export const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...Object.keys(KINDS) as (keyof typeof KINDS)[]),
  bridge: fc.constantFrom("br1", "br2"),
  mirror: fc.constantFrom("m1", "m1", "m2", "new", "filler0", "filler27"),
  other: fc.constantFrom("m1", "m2", "new", "other"),
  port: fc.constantFrom("p1", "p2", "p3", "p4"),
});

/**
 * Makes a change.
 *
 * @param change The change; what it names may not be there.
 */
export function apply(database: ModelDatabase, change: Change): void {
  database.transact(changeOperations(database.tables, change));
}

/** Writes a change as one transaction. */
export function changeOperations(tables: Tables, change: Change): Operation[] {
  return KINDS[change.kind](change, tables);
}

function ids(table: Tables["Port"], name: string): Value {
  return uuidSet(named(table, name).map(idOf));
}

function onBridges(column: string, mutator: "insert" | "delete", rows: Value): Operation {
  return { op: "mutate", table: "Bridge", where: [], mutations: [[column, mutator, rows]] };
}

function move(column: string, rows: Value, bridge: string): Operation[] {
  const where = [["name", "==", bridge] as const];
  const insert: Mutation = [column, "insert", rows];
  return [
    onBridges(column, "delete", rows),
    { op: "mutate", table: "Bridge", where, mutations: [insert] },
  ];
}

function insertMirror(name: string, bridge: string): Operation[] {
  const label: Value = ["set", [["named-uuid", "mirror"]]];
  return [
    {
      op: "insert",
      table: "Mirror",
      row: { name, external_ids: stringMap({ owner: OWNER }) },
      "uuid-name": "mirror",
    },
    {
      op: "mutate",
      table: "Bridge",
      where: [["name", "==", bridge]],
      mutations: [["mirrors", "insert", label]],
    },
  ];
}

function updateMirror(name: string, row: Record<string, Value>): Operation {
  return { op: "update", table: "Mirror", where: [["name", "==", name]], row };
}

function mutateMirror(name: string, mutation: Mutation): Operation {
  return { op: "mutate", table: "Mirror", where: [["name", "==", name]], mutations: [mutation] };
}
