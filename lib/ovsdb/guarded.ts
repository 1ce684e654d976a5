/**
 * Changes that rely on what was read before them: read, plan, and transact with guards, again
 * whenever a guard finds that someone else was faster.
 *
 * @module
 */

import { OperationError } from "./result.ts";

/** Upper bounds of the pause before a further attempt, in milliseconds; the last one repeats. */
const PAUSES = [4, 8, 16, 32, 64];

/**
 * Makes attempts until one is not stopped by a guard.
 *
 * @example Double the size of a bridge's MAC table, whoever else changes the bridge meanwhile.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net
 * import { Client, guard, guarded, parseEndpoint } from "@ovs-mirror/cni/ovsdb";
 * import { readStringMap, selectedRows, stringMap, uuid } from "@ovs-mirror/cni/ovsdb";
 *
 * using client = await Client.connect(parseEndpoint("unix:/var/run/openvswitch/db.sock"), {
 *   signal: AbortSignal.timeout(5_000),
 * });
 * await guarded(async () => {
 *   const [found] = await client.transact("Open_vSwitch", [
 *     { op: "select", table: "Bridge", where: [["name", "==", "br1"]] },
 *   ]);
 *   const [bridge] = selectedRows(found);
 *   if (!bridge) throw new Error("there is no bridge br1");
 *   const { _uuid: id, other_config: before } = bridge;
 *   const config = Object.fromEntries(readStringMap(before));
 *   const size = 2 * Number(config["mac-table-size"] ?? 8192);
 *   const row = { other_config: stringMap({ ...config, "mac-table-size": String(size) }) };
 *   await client.transact("Open_vSwitch", [
 *     guard("Bridge", [["_uuid", "==", id!], ["other_config", "==", before!]], [uuid(id)]),
 *     { op: "update", table: "Bridge", where: [["_uuid", "==", id!]], row },
 *   ]);
 * });
 * ```
 *
 * @param attempt Reads, plans and transacts once. It is given how many attempts there were before.
 * @returns What the last attempt returned.
 * @throws What an attempt threw, unless it is an {@linkcode OperationError} of a failed guard. The
 * client's signal bounds the whole: once it is aborted, an attempt throws a `DeadlineError`.
 */
export async function guarded<Value>(attempt: (count: number) => Promise<Value>): Promise<Value> {
  for (let count = 0;; count++) {
    try {
      return await attempt(count);
    } catch (error) {
      if (!isFailedGuard(error)) throw error;
      await pause(count);
    }
  }
}

/**
 * Tells whether a transaction was stopped by one of its guards.
 *
 * @param error What it threw.
 * @returns Whether to try again.
 */
export function isFailedGuard(error: unknown): boolean {
  return error instanceof OperationError && error.isFailedGuard;
}

/**
 * Waits for a random time, so that those who collided do not collide again.
 *
 * @param attempt How many attempts there were, less one.
 */
export function pause(attempt: number): Promise<void> {
  const bound = PAUSES[Math.min(attempt, PAUSES.length - 1)]!;
  return new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
}
