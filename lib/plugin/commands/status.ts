/**
 * STATUS: tells whether an ADD could work now.
 *
 * @module
 */

import { CniCode, CniError } from "../../cni/error.ts";
import { noBridge } from "../../mirror/refusal.ts";
import { ask } from "../../mirror/snapshot/snapshot.ts";
import { type Operation, select } from "../../ovsdb/operation.ts";
import type { Call } from "../call.ts";
import { toCniError } from "../failure.ts";

/** Fails if the schema lacks a column that ADD needs; selects no row otherwise. */
const NEEDED_OF_SCHEMA: readonly Operation[] = [
  select("Port", [["name", "==", ""], ["vlan_mode", "==", "dot1q-tunnel"]], ["_uuid"]),
  select("Open_vSwitch", [], ["next_cfg", "cur_cfg"]),
];

/**
 * Carries out STATUS.
 *
 * @param call The call.
 * @throws {CniError} Code 50: it could not.
 */
export async function run(call: Call): Promise<void> {
  const configuration = await call.configure();
  try {
    await call.readPolicy();
    await call.store.probe();
    using session = await call.connect(configuration.endpoint);
    const { operations, read } = ask(call.query(configuration));
    const { bridge } = read(await session.transact([...operations, ...NEEDED_OF_SCHEMA]));
    if (!bridge) throw noBridge(configuration.bridge);
  } catch (error) {
    const problem = toCniError(error, "STATUS", call.endpoint);
    if (!(problem instanceof CniError)) throw error;
    throw new CniError(CniCode.notAvailable, problem.message, problem.details);
  }
}
