/**
 * Another program that writes the same database all the time.
 *
 * @module
 */

import type { Ovsdb } from "../support/ovs/ovsdb.ts";

/** The pause between two changes, in milliseconds. */
const PAUSE = 3;

/**
 * Makes and removes mirrors of somebody else on a bridge while something else goes on.
 *
 * @param action What goes on.
 * @returns What the action returned; all mirrors made meanwhile are removed then.
 */
export async function disturb<T>(
  db: Ovsdb,
  bridge: string,
  action: () => Promise<T>,
): Promise<T> {
  let isOver = false;
  const disturbing = (async () => {
    while (!isOver) {
      await db.addMirror(bridge, { name: "somebody else's" });
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await removeMirror(db, bridge);
    }
  })();
  try {
    return await action();
  } finally {
    isOver = true;
    await disturbing;
  }
}

async function removeMirror(db: Ovsdb, bridge: string): Promise<void> {
  const rows = await db.rows("Mirror", ["_uuid", "name"]);
  const { _uuid } = rows.find(({ name }) => name === "somebody else's")!;
  await db.transact([{
    op: "mutate",
    table: "Bridge",
    where: [["name", "==", bridge]],
    mutations: [["mirrors", "delete", _uuid!]],
  }]);
}
