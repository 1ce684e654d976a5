/**
 * Plans how ports become sources or outputs of mirrors: from a snapshot of the database to one
 * guarded transaction.
 *
 * @module
 */

import { type Condition, guard, type Mutation, type Operation } from "../ovsdb/operation.ts";
import { EMPTY, stringMap, uuidSet, type Value } from "../ovsdb/value.ts";
import type { WantedMirror } from "./config.ts";
import { noBridge, refuseConflicts } from "./conflicts.ts";
import { attachablePorts } from "./ports.ts";
import type { AttachRequest } from "./request.ts";
import type { Role } from "./role.ts";
import { type MirrorState, OWNER, type PortState, type Snapshot } from "./snapshot.ts";
import { sweep } from "./sweep.ts";

/**
 * Plans an ADD.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @returns The transaction: guards for all that the plan relies on, then the changes.
 * @throws {Refusal} The database does not allow it. Without the snapshot's details the message
 * may lack names, and a port counts as one of the bridge's until a guard says otherwise.
 */
export function planAttach(request: AttachRequest, snapshot: Snapshot): Operation[] {
  const bridge = snapshot.bridge;
  if (!bridge) throw noBridge(request.bridge);
  const ports = attachablePorts(request, snapshot);
  const rows = snapshot.mirrors;
  const missing = request.mirrors.filter(({ name }) => rows.every((row) => row.name !== name));
  const leftovers = snapshot.emptyMirrors.filter((id) =>
    bridge.mirrors.includes(id) && rows.every((row) => row.id !== id)
  );
  const kept = bridge.mirrors.length - leftovers.length;
  const names = missing.map(({ name }) => name);
  refuseConflicts(request, { ports, rows, missing: names, kept }, snapshot);
  return [
    guardBridge(bridge, ports, rows, missing.length > 0),
    ...request.mirrors.map(({ name }) => guardName(name, rows)),
    ...rows.map((row) => guardRow(request.role, row, ports)),
    ...request.mirrors.flatMap((wanted) => attach(wanted, rows, ports)),
    ...missing.flatMap((wanted, index) => create(bridge.id, wanted, ports, `mirror${index}`)),
    ...sweep(bridge.id, leftovers),
  ];
}

/**
 * The bridge is still there and has the ports and the mirrors. Whoever makes a mirror relies on
 * the number of mirrors too, so then the whole set has to be as it was.
 */
function guardBridge(
  bridge: { id: string; mirrors: readonly string[] },
  ports: readonly PortState[],
  rows: readonly MirrorState[],
  exactly: boolean,
): Operation {
  const mirrors: Condition = exactly
    ? ["mirrors", "==", uuidSet(bridge.mirrors)]
    : ["mirrors", "includes", idSet(rows)];
  return guard("Bridge", [is(bridge.id), ["ports", "includes", idSet(ports)], mirrors], [
    bridge.id,
  ]);
}

/** Mirrors of that name are those that were read: one made since would be missed, or be a second. */
function guardName(name: string, rows: readonly MirrorState[]): Operation {
  const ids = rows.filter((row) => row.name === name).map(({ id }) => id);
  return guard("Mirror", [["name", "==", name]], ids);
}

/** Nothing in the mirror stands in the way. */
function guardRow(role: Role, row: MirrorState, ports: readonly PortState[]): Operation {
  const output: Value = row.output === undefined ? EMPTY : ["uuid", row.output];
  const free: Condition[] = [["output_port", "==", output], ["output_vlan", "==", EMPTY]];
  return guard("Mirror", [
    is(row.id),
    ...role.conflicting.map((column): Condition => [column, "excludes", idSet(ports)]),
    ...(role.exclusive ? free : []),
  ], [row.id]);
}

function attach(
  { name, columns }: WantedMirror,
  rows: readonly MirrorState[],
  ports: readonly PortState[],
): Operation[] {
  const mutations = columns.map((column): Mutation => [column, "insert", idSet(ports)]);
  return rows.filter((row) => row.name === name).map(({ id }) => (
    { op: "mutate", table: "Mirror", where: [is(id)], mutations }
  ));
}

function create(
  bridge: string,
  { name, columns }: WantedMirror,
  ports: readonly PortState[],
  label: string,
): Operation[] {
  const members = columns.map((column) => [column, idSet(ports)] as const);
  const row = {
    name,
    external_ids: stringMap({ owner: OWNER }),
    ...Object.fromEntries(members),
  };
  return [
    { op: "insert", table: "Mirror", row, "uuid-name": label },
    {
      op: "mutate",
      table: "Bridge",
      where: [is(bridge)],
      mutations: [["mirrors", "insert", ["set", [["named-uuid", label]]]]],
    },
  ];
}

function is(id: string): Condition {
  return ["_uuid", "==", ["uuid", id]];
}

function idSet(rows: readonly { id: string }[]) {
  return uuidSet(rows.map(({ id }) => id));
}
