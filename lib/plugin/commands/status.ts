/**
 * STATUS: tells whether an ADD could work now.
 *
 * @module
 */

import { CniCode, CniError } from "../../cni/error.ts";
import { noBridge } from "../../mirror/refusal.ts";
import type { Call } from "../call.ts";
import { toCniError } from "../failure.ts";

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
    const { bridge } = await session.read(call.query(configuration));
    if (!bridge) throw noBridge(configuration.bridge);
  } catch (error) {
    const problem = toCniError(error, "STATUS", call.endpoint);
    if (!(problem instanceof CniError)) throw error;
    throw new CniError(CniCode.notAvailable, problem.message, problem.details);
  }
}
