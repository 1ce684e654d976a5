/**
 * Properties of DEL.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Property } from "../property.ts";
import { DETACH_SEMANTICS } from "../semantics/detach.ts";
import { assertHolds } from "../semantics/step.ts";
import { attachable, call, layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { isSame } from "../switch/rows.ts";
import { openSession } from "../switch/session.ts";
import { add, del } from "../switch/steps.ts";

/** The properties. */
export const detachProperties: readonly Property[] = [
  {
    name: "planDetach() keeps to the semantics of DEL",
    property: fc.asyncProperty(layout, call, async (layout, call) => {
      const database = build(layout);
      const before = database.tables;
      const { session, transactions } = openSession(database);
      await del(session, call);
      assertHolds(DETACH_SEMANTICS, { call, before, after: database.tables });
      assert(transactions.length <= 4);
    }),
  },
  {
    name: "planDetach() changes nothing when it is repeated",
    property: fc.asyncProperty(layout, call, async (layout, call) => {
      const database = build(layout);
      await del(openSession(database).session, call);
      const { tables } = database;
      await del(openSession(database).session, call);
      assert(isSame(database.tables, tables));
    }),
  },
  {
    name: "planDetach() undoes planAttach()",
    property: fc.asyncProperty(attachable, async ({ layout, call }) => {
      const database = build(layout);
      const before = database.tables;
      assertEquals(await add(openSession(database).session, call), undefined);
      await del(openSession(database).session, call);
      const after = database.tables;
      assertHolds(DETACH_SEMANTICS, { call, before, after });
      assert(after.Mirror.keys().every((id) => before.Mirror.has(id)), "what ADD made is gone");
    }),
  },
];
