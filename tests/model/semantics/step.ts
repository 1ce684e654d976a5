/**
 * Steps of a plugin on a switch, and statements about them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { idOf, type Tables } from "../database/row.ts";
import {
  arePortsSame,
  bridgeNamed,
  has,
  isEmptyAndOurs,
  isOurs,
  isSameRow,
  isSameTable,
  only,
} from "../switch/rows.ts";
import type { MirrorCall } from "./call.ts";

/** What a step of a plugin did to a switch. */
export interface Step {
  call: MirrorCall;
  before: Tables;
  after: Tables;
}

/** Statements about a step, by name. */
export type Semantics = Readonly<Record<string, (step: Step) => boolean>>;

/**
 * Makes sure that all statements are true of a step.
 *
 * @throws {AssertionError} Some are not; it names them.
 */
export function assertHolds(semantics: Semantics, step: Step): void {
  const broken = Object.entries(semantics).filter(([, holds]) => !holds(step));
  assertEquals(broken.map(([statement]) => statement), []);
}

/** One of them. */
export const LEAVES_NO_EMPTY = "no empty mirror of ours is left on the bridge";

/** Statements that are true of every step. */
export const COMMON_SEMANTICS: Semantics = {
  "bridges and ports stay as they are but for the mirrors of the bridge": (
    { before, after, call },
  ) =>
    arePortsSame(before, after) &&
    isSameTable(before.Bridge, after.Bridge, ["mirrors"]) &&
    before.Bridge.values().every((bridge) =>
      only(bridge, "name") === call.bridge || isSameRow(bridge, after.Bridge.get(idOf(bridge))!)
    ),

  "no mirror is removed but ours, and on the bridge": ({ before, after, call }) => {
    const bridge = bridgeNamed(before, call.bridge);
    return before.Mirror.values().filter((row) => !after.Mirror.has(idOf(row))).every((row) =>
      bridge !== undefined && has(bridge, "mirrors", idOf(row)) && isOurs(row)
    );
  },

  [LEAVES_NO_EMPTY]: ({ after, call }) => {
    const bridge = bridgeNamed(after, call.bridge);
    return !bridge?.mirrors?.keys().some((id) => isEmptyAndOurs(after.Mirror.get(`${id}`)!));
  },
};
