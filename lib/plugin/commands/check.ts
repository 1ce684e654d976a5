/**
 * CHECK: makes sure that the port is still a source or the output of the mirrors.
 *
 * @module
 */

import type { Call } from "../call.ts";
import { planCheck } from "../../mirror/check.ts";

/**
 * Carries out CHECK.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const configuration = await call.configure();
  using session = await call.connect(configuration);
  const request = call.attachRequest(configuration);
  await session.withSnapshot(call.query(configuration), async (snapshot) => {
    const inspection = planCheck(request, snapshot);
    inspection.judge(await session.transact(inspection.operations));
  });
}
