/**
 * Bridges with many ports.
 *
 * @module
 */

import { BRIDGE } from "../../tests/support/pods.ts";
import type { Switch } from "../../tests/support/switch.ts";

/**
 * Gives the bridge ports that carry nothing, and waits until the switch has them.
 *
 * @param vswitch The switch.
 * @param count How many.
 * @returns Their names.
 */
export async function fill(vswitch: Switch, count: number): Promise<string[]> {
  const { db } = vswitch;
  const names = Array.from({ length: count }, (_, index) => `idle${index}`);
  if (count > 0) await db.addPortRows(BRIDGE, {}, ...names);
  await db.transact(names.map((name) => ({
    op: "update",
    table: "Interface",
    where: [["name", "==", name]],
    row: { type: "dummy" },
  })));
  await vswitch.settle();
  return names;
}
