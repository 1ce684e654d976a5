/**
 * Undoes a failed ADD of which nothing may stay. Loaded only then.
 *
 * @module
 */

import type { MirrorConfiguration } from "../../mirror/config/config.ts";
import type { Call } from "../call.ts";
import { isOf } from "../records/record.ts";
import { detachRecorded } from "./recorded.ts";
import { patienceOf } from "./transaction.ts";

/**
 * Detaches the ports on record of a call's attachment, and removes its record.
 *
 * @param call The call.
 * @param configuration What it was configured to do.
 */
export async function detachOwn(call: Call, configuration: MirrorConfiguration): Promise<void> {
  const record = await call.store.read(call.entry);
  const parts = record?.parts.filter(isOf(call.owner))
    .map((part) => ({ entry: call.entry, part })) ?? [];
  await detachRecorded(call, parts, { configuration, patience: patienceOf(call) });
}
