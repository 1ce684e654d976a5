/**
 * Properties of ADD.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Property } from "../property.ts";
import { ATTACH_SEMANTICS } from "../semantics/attach.ts";
import { portsOf } from "../semantics/call.ts";
import { refusals } from "../semantics/refusals.ts";
import { assertHolds } from "../semantics/step.ts";
import { attachable, call, layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { isSame, named as namedRows, only } from "../switch/rows.ts";
import { openSession } from "../switch/session.ts";
import { add, check } from "../switch/steps.ts";

/** The properties. */
export const attachProperties: readonly Property[] = [
  {
    name: "planAttach() keeps to the semantics of ADD, or refuses for a reason and changes nothing",
    property: fc.asyncProperty(layout, call, async (layout, call) => {
      const database = build(layout);
      const before = database.tables;
      const reasons = refusals(before, call);
      const refusal = await add(openSession(database).session, call);
      if (reasons.size === 0) assertEquals(refusal, undefined);
      else assert(refusal && reasons.has(refusal.reason), `${refusal}, not ${[...reasons]}`);
      if (refusal) assert(isSame(database.tables, before), "a refusal changes nothing");
      else assertHolds(ATTACH_SEMANTICS, { call, before, after: database.tables });
    }),
  },
  {
    name: "planAttach() changes nothing when it is repeated",
    property: fc.asyncProperty(attachable, async ({ layout, call }) => {
      const database = build(layout);
      await add(openSession(database).session, call);
      const { tables } = database;
      assertEquals(await add(openSession(database).session, call), undefined);
      assert(isSame(database.tables, tables));
    }),
  },
  {
    name:
      "planAttach() and planCheck() take two transactions where all ports are as prevResult says",
    property: fc.asyncProperty(attachable, async ({ layout, call }) => {
      const database = build(layout);
      const ports = [...portsOf(database.tables, call)].map((id) => database.tables.Port.get(id)!);
      const named = { ...call, ports: ports.map((row) => `${only(row, "name")}`) };
      // Of several rows of a name a consumer reads more, to tell those that it may leave.
      const hasSeveral = call.role.exclusive &&
        call.mirrors.some(({ name }) => namedRows(database.tables.Mirror, name).length > 1);
      for (const [step, count] of [[add, hasSeveral ? 3 : 2], [check, 2]] as const) {
        const { session, transactions } = openSession(database);
        assertEquals(await step(session, named), undefined);
        assertEquals(transactions.length, count);
      }
    }),
  },
];
