/**
 * Properties of CHECK.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Property } from "../property.ts";
import { isAttached } from "../semantics/check.ts";
import { attachable, call, layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { isSame } from "../switch/rows.ts";
import { openSession } from "../switch/session.ts";
import { add, check, del } from "../switch/steps.ts";

/** The properties. */
export const checkProperties: readonly Property[] = [
  {
    name: "planCheck() succeeds exactly where the ports are attached, and changes nothing",
    property: fc.asyncProperty(layout, call, async (layout, call) => {
      const database = build(layout);
      const { tables } = database;
      const refusal = await check(openSession(database).session, call);
      assertEquals(refusal === undefined, isAttached(tables, call), refusal?.message);
      assert(isSame(database.tables, tables));
    }),
  },
  {
    name: "planCheck() succeeds after planAttach() and fails after planDetach()",
    property: fc.asyncProperty(attachable, async ({ layout, call }) => {
      const database = build(layout);
      await add(openSession(database).session, call);
      assertEquals(await check(openSession(database).session, call), undefined);
      await del(openSession(database).session, call);
      const refusal = await check(openSession(database).session, call);
      assertEquals(refusal?.reason, "not attached");
    }),
  },
];
