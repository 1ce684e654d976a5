/**
 * Properties of the removal of empty mirrors.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { sweep } from "../../../lib/mirror/plan/sweep.ts";
import { idOf } from "../database/row.ts";
import type { Property } from "../property.ts";
import { layout } from "../switch/generators.ts";
import { build } from "../switch/layout.ts";
import { bridgeNamed, isEmptyAndOurs, isSame, isSameTable } from "../switch/rows.ts";

/** The properties. */
export const sweepProperties: readonly Property[] = [
  {
    name: "sweep() removes the mirrors given if all are empty and ours, and otherwise none",
    property: fc.property(
      layout.filter(({ bridges }) => bridges.includes("br1")),
      fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      (layout, picks) => {
        const database = build(layout);
        const before = database.tables;
        const bridge = bridgeNamed(before, "br1")!;
        const mirrors = [...bridge.mirrors!.keys()].map((id) => before.Mirror.get(`${id}`)!);
        const chosen = mirrors.length === 0
          ? []
          : picks.map((pick) => mirrors[pick % mirrors.length]!);
        database.transact(
          sweep(idOf(bridge), chosen.map((row) => ({ id: idOf(row), fromConsumer: false }))),
        );
        if (!chosen.every(isEmptyAndOurs)) return assert(isSame(database.tables, before));
        const kept = [...before.Mirror].filter(([, row]) => !chosen.includes(row));
        assert(isSameTable(database.tables.Mirror, new Map(kept)));
        assertEquals(database.tables.Bridge.size, before.Bridge.size);
      },
    ),
  },
];
