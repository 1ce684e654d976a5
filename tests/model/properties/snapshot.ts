/**
 * Properties of what is read from a database that may answer anything.
 *
 * @module
 */

import { assertInstanceOf } from "@std/assert";
import * as fc from "fast-check";
import { planAttach } from "../../../lib/mirror/plan/attach.ts";
import { planCheck } from "../../../lib/mirror/plan/check.ts";
import { askWhereabouts, ownPorts } from "../../../lib/mirror/plan/detach.ts";
import { attachablePorts } from "../../../lib/mirror/snapshot/ports.ts";
import { askEmpty } from "../../../lib/mirror/plan/sweep.ts";
import { askAgain } from "../../../lib/mirror/snapshot/obstacles.ts";
import { Refusal } from "../../../lib/mirror/refusal.ts";
import { ask, type Question } from "../../../lib/mirror/snapshot/snapshot.ts";
import { ProtocolError } from "../../../lib/ovsdb/error.ts";
import { OperationError, operationResults } from "../../../lib/ovsdb/result.ts";
import { json, nearMiss, text } from "../json.ts";
import type { Property } from "../property.ts";
import { queryOf, requestOf } from "../semantics/call.ts";
import { call } from "../switch/generators.ts";

const reference = fc.constantFrom("a", "b", "c").map((id) => ["uuid", id]);
const references = fc.array(reference, { maxLength: 2 }).map((atoms) => ["set", atoms]);

const columns = {
  _uuid: reference,
  name: fc.constantFrom("br1", "m1", "m2", "p1"),
  mirrors: fc.oneof(references, reference),
  output_port: fc.oneof(references, reference),
  output_vlan: fc.constantFrom(["set", []], 7),
  external_ids: fc.array(fc.tuple(text, text), { maxLength: 2 }).map((pairs) => ["map", pairs]),
};

/** A row that answers any question of the plugins, or comes near to one. */
const row = fc.oneof(
  { weight: 18, arbitrary: fc.record(columns) },
  { weight: 1, arbitrary: nearMiss(columns) },
  { weight: 1, arbitrary: json },
);

const answer = fc.oneof(
  { weight: 40, arbitrary: fc.array(row, { maxLength: 2 }).map((rows) => ({ rows })) },
  { weight: 1, arbitrary: nearMiss({ rows: json, error: text, details: text }) },
  { weight: 1, arbitrary: json },
);

/** The `result` of a reply with about as many answers as there are questions. */
const replies = fc.tuple(fc.infiniteStream(answer), fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1));

type Replies = [fc.Stream<unknown>, number];

/** The properties. */
export const snapshotProperties: readonly Property[] = [
  {
    name: "ask() and askAgain() make a snapshot of any answers, or throw an error of the database",
    property: fc.property(call, replies, (call, replies) => {
      const query = queryOf(call);
      const first = reading(() => read(ask(query), replies));
      if (!first) return;
      const again = reading(() => read(askAgain(query, first), replies));
      for (const snapshot of [first, ...again ? [again] : []]) {
        refusing(() => planAttach(requestOf(call), snapshot));
        const ports = refusing(() => attachablePorts(requestOf(call), snapshot)) ?? [];
        const { operations, judge } = planCheck(requestOf(call), ports, snapshot.details);
        reading(() => refusing(() => read({ operations, read: judge }, replies)));
        const own = ownPorts(snapshot, [call.attachment.netns]);
        reading(() =>
          read(askWhereabouts(call.role, [...own.named, ...own.marked], "br1"), replies)
        );
      }
    }),
  },
  {
    name: "askEmpty() reads any answers, or throws an error of the database",
    property: fc.property(replies, (replies) => {
      reading(() => read(askEmpty(["br1", "br2"]), replies));
    }),
  },
];

function read<Answer>(
  { operations, read }: Question<Answer>,
  [answers, more]: Replies,
): Answer {
  const count = Math.max(0, operations.length + more);
  return read(operationResults(operations, [...answers.take(count)]));
}

function reading<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof OperationError)) assertInstanceOf(error, ProtocolError);
    return undefined;
  }
}

function refusing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
