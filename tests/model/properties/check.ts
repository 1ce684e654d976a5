/**
 * Properties of CHECK.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { idOf, type Row, type Tables } from "../database/row.ts";
import type { Property } from "../property.ts";
import { type MirrorCall, mirrorsOf, portsOf } from "../semantics/call.ts";
import { ROLES } from "../semantics/promises.ts";
import { attachable, call, layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { isSame, named } from "../switch/rows.ts";
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

/** Each mirror is there, on the bridge, with the ports of the attachment. */
function isAttached(tables: Tables, call: MirrorCall): boolean {
  const ports = [...portsOf(tables, call)];
  const onBridge = new Set(mirrorsOf(tables, call).map(idOf));
  if (ports.length === 0 || (ROLES[call.role.name].takesOnePort && ports.length > 1)) return false;
  return call.mirrors.every(({ name, columns }) => {
    const rows = named(tables.Mirror, name).filter((row) => onBridge.has(idOf(row)));
    const holds = (row: Row) =>
      columns.every((column) => ports.every((id) => row[column]!.has(id)));
    // Of several rows each may have an output of its own, and all of them have the same sources.
    const isOutput = ROLES[call.role.name].takesOnePort;
    return isOutput ? rows.some(holds) : rows.length > 0 && rows.every(holds);
  });
}
