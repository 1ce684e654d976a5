/**
 * Properties of plans that are carried out after others changed what they rely on.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { planAttach } from "../../../lib/mirror/plan/attach.ts";
import { ownPorts, planDetach } from "../../../lib/mirror/plan/detach.ts";
import { Refusal } from "../../../lib/mirror/refusal.ts";
import { ask, type Snapshot } from "../../../lib/mirror/snapshot/snapshot.ts";
import { OperationError, operationResults } from "../../../lib/ovsdb/result.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import type { ModelDatabase } from "../database/database.ts";
import type { Tables } from "../database/row.ts";
import type { Property } from "../property.ts";
import { ATTACH_SEMANTICS } from "../semantics/attach.ts";
import { type MirrorCall, portsOf, queryOf, requestOf } from "../semantics/call.ts";
import { losesPortsAlone } from "../semantics/detach.ts";
import { refusals } from "../semantics/refusals.ts";
import { assertHolds, LEAVES_NO_EMPTY } from "../semantics/step.ts";
import { apply, change } from "../switch/changes.ts";
import { call, layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { bridgeNamed, has, isSame } from "../switch/rows.ts";

/** A mirror that someone empties meanwhile is left to those who come after. */
const { [LEAVES_NO_EMPTY]: _, ...OTHERS_LEAVE_EMPTY } = ATTACH_SEMANTICS;

const changes = fc.array(change, { minLength: 1, maxLength: 3 });

/** The properties. */
export const staleProperties: readonly Property[] = [
  {
    name: "planAttach() has its guards fail or keeps to the semantics, whatever happened meanwhile",
    property: fc.property(layout, call, changes, (layout, call, changes) => {
      const database = build(layout);
      const ports = portsOf(database.tables, call);
      const plan = planUnlessRefused(call, read(database, call));
      if (!plan) return;
      changes.forEach((change) => apply(database, change));
      const before = database.tables;
      if (!transact(database, plan)) return assert(isSame(database.tables, before));
      if (hasBetterPorts(before, call, ports)) return;
      assertEquals([...refusals(before, call)], []);
      assertHolds(OTHERS_LEAVE_EMPTY, { call, before, after: database.tables });
    }),
  },
  {
    name:
      "planDetach() takes its ports out of mirrors and nothing else, whatever happened meanwhile",
    property: fc.property(layout, call, changes, (layout, call, changes) => {
      const database = build(layout);
      const snapshot = read(database, call);
      const mirrors = snapshot.mirrors.filter(({ id }) => snapshot.bridge?.mirrors.includes(id));
      const { named, marked } = ownPorts(snapshot, [call.attachment.netns]);
      const ports = [...named, ...marked];
      const plan = planDetach(call.role, { ports, mirrors: mirrors.map(({ id }) => ({ id })) });
      changes.forEach((change) => apply(database, change));
      const before = database.tables;
      assert(transact(database, plan));
      const step = { call, before, after: database.tables };
      assert(before.Mirror.values().every((row) => losesPortsAlone(row, step)));
    }),
  },
];

function read(database: ModelDatabase, call: MirrorCall): Snapshot {
  const { operations, read } = ask(queryOf(call));
  return read(operationResults(operations, database.transact(operations)));
}

function planUnlessRefused(call: MirrorCall, snapshot: Snapshot): Operation[] | undefined {
  try {
    return planAttach(requestOf(call), snapshot);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Whether a transaction took effect; if not, one of its guards failed. */
function transact(database: ModelDatabase, operations: readonly Operation[]): boolean {
  try {
    operationResults(operations, database.transact(operations));
    return true;
  } catch (error) {
    if (error instanceof OperationError && error.isFailedGuard) return false;
    throw error;
  }
}

/** The ports planned for are as good as before, but others would be chosen now. */
function hasBetterPorts(tables: Tables, call: MirrorCall, planned: Set<string>): boolean {
  const bridge = bridgeNamed(tables, call.bridge);
  return bridge !== undefined && [...planned].every((id) => has(bridge, "ports", id)) &&
    planned.symmetricDifference(portsOf(tables, call)).size > 0;
}
