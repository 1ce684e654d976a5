/**
 * Plans how ports become sources or outputs of mirrors: from a snapshot of the database to one
 * guarded transaction.
 *
 * @module
 */

import {
  type Condition,
  guard,
  isRow,
  type Mutation,
  type Operation,
} from "../../ovsdb/operation.ts";
import { EMPTY, stringMap, uuidSet, type Value } from "../../ovsdb/value.ts";
import type { AttachRequest, WantedMirror } from "../config/config.ts";
import { findConflict, UnexplainedRefusal } from "./conflicts.ts";
import { type Choice, choose } from "./target_rows.ts";
import { ALL_FROM_CONSUMER, OPTIONS_OR_SHARES } from "../snapshot/external_ids.ts";
import type { Role } from "../role.ts";
import {
  type EmptyMirror,
  type MirrorState,
  outputIs,
  OWNER,
  type PortState,
  type Snapshot,
} from "../snapshot/snapshot.ts";
import { isRemovable, sweep } from "./sweep.ts";

/**
 * Plans an ADD.
 *
 * @param request What was asked for.
 * @param snapshot The database as it was read.
 * @param planOptions Plans what options take, if the snapshot has them.
 * @param choice What the ADD is about, if it was chosen already.
 * @returns The transaction: guards for everything that the plan relies on, then the changes.
 * @throws {Refusal} The database does not allow it; of a conflict, an {@linkcode
 * UnexplainedRefusal}. Without the snapshot's details a port counts as one of the bridge's until a
 * guard says otherwise.
 */
export function planAttach(
  request: AttachRequest,
  snapshot: Snapshot,
  planOptions?: OptionsPlanner,
  choice: Choice = choose(request, snapshot),
): Operation[] {
  const bridge = snapshot.bridge!;
  const { ports, mirrors: choices } = choice;
  const rows = snapshot.mirrors;
  const made = choices.filter(({ isMade }) => isMade);
  const leftovers = leftoversOf(snapshot).filter(isRemovable);
  const kept = bridge.mirrors.length - leftovers.length;
  const names = made.map(({ wanted }) => wanted.name);
  const intent = { ports, rows, choices, missing: names, kept };
  const conflict = findConflict(request, intent, snapshot);
  if (conflict) throw new UnexplainedRefusal(conflict, ports);
  const optionsPlan = planOptions?.(request, choice, snapshot);
  return [
    guardBridge(bridge, ports, rows, made.length > 0),
    ...request.mirrors.map(({ name }) => guardName(name, rows)),
    ...choices.flatMap((choice) =>
      choice.rows.map((row) => {
        const { exclusive } = request.role;
        const isOutput = exclusive && choice.targets.includes(row);
        const output = isOutput ? outputAsRead(row) : [];
        const marks = optionsPlan ? [] : [withoutMarks(exclusive)];
        return guardRow(request.role, row, ports, [...output, ...marks]);
      })
    ),
    ...(optionsPlan?.before ?? []),
    ...choices.flatMap(({ wanted, targets }) => attach(wanted, targets, ports)),
    ...made.flatMap(({ wanted }, index) =>
      create(bridge.id, wanted, ports, `mirror${index}`, optionsPlan?.rows.get(wanted.name))
    ),
    ...sweep(bridge.id, leftovers),
  ];
}

/** Returns the empty mirrors of the bridge that were not asked for. */
export function leftoversOf({ bridge, mirrors, emptyMirrors }: Snapshot): EmptyMirror[] {
  return emptyMirrors.filter(({ id }) =>
    bridge?.mirrors.includes(id) && mirrors.every((row) => row.id !== id)
  );
}

/** The part of a plan that options add. */
export interface OptionsPlan {
  /** Guards and changes of existing rows. */
  before: Operation[];
  /** Columns of new rows, by the mirror's name. */
  rows: ReadonlyMap<string, Readonly<Record<string, Value>>>;
}

/** Plans options. Loaded only if there are any, or were before. */
export type OptionsPlanner = (
  request: AttachRequest,
  choice: Choice,
  snapshot: Snapshot,
) => OptionsPlan;

/**
 * Guards that the bridge still exists and has the ports and the mirrors. A plan that makes a mirror
 * relies on the number of mirrors too, so it guards the whole set.
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
  return guard("Bridge", [isRow(bridge.id), ["ports", "includes", idSet(ports)], mirrors], [
    bridge.id,
  ]);
}

/**
 * Guards that the mirrors of a name are those that were read: one made since would be missed, or
 * become a duplicate.
 */
function guardName(name: string, rows: readonly MirrorState[]): Operation {
  const ids = rows.filter((row) => row.name === name).map(({ id }) => id);
  return guard("Mirror", [["name", "==", name]], ids);
}

/** Guards that nothing in the mirror conflicts with the ports. */
function guardRow(
  role: Role,
  { id }: MirrorState,
  ports: readonly PortState[],
  more: readonly Condition[],
): Operation {
  const excludes = role.conflicting.map((column): Condition => [column, "excludes", idSet(ports)]);
  return guard("Mirror", [isRow(id), ...excludes, ...more], [id]);
}

/** Guards that the output is unchanged, and that no VLAN has become the output (RSPAN). */
function outputAsRead({ output }: MirrorState): Condition[] {
  return [outputIs(output), ["output_vlan", "==", EMPTY]];
}

/**
 * Guards that a row has no marks of options. Options of a vanished consumer must not be taken for
 * those of this one, and no producer joins a mirror of all ports: if there is a mark, the call
 * reads more and plans again.
 */
function withoutMarks(exclusive: boolean): Condition {
  return ["external_ids", "excludes", exclusive ? OPTIONS_OR_SHARES : ALL_FROM_CONSUMER];
}

function attach(
  { columns }: WantedMirror,
  rows: readonly MirrorState[],
  ports: readonly PortState[],
): Operation[] {
  const mutations = columns.map((column): Mutation => [column, "insert", idSet(ports)]);
  return rows.map(({ id }) => (
    { op: "mutate", table: "Mirror", where: [isRow(id)], mutations }
  ));
}

function create(
  bridge: string,
  { name, columns }: WantedMirror,
  ports: readonly PortState[],
  label: string,
  more: Readonly<Record<string, Value>> = {},
): Operation[] {
  const members = columns.map((column) => [column, idSet(ports)] as const);
  const row = {
    name,
    external_ids: stringMap({ owner: OWNER }),
    ...Object.fromEntries(members),
    ...more,
  };
  return [
    { op: "insert", table: "Mirror", row, "uuid-name": label },
    {
      op: "mutate",
      table: "Bridge",
      where: [isRow(bridge)],
      mutations: [["mirrors", "insert", ["set", [["named-uuid", label]]]]],
    },
  ];
}

function idSet(rows: readonly { id: string }[]) {
  return uuidSet(rows.map(({ id }) => id));
}
