/**
 * DEL: takes the port out of the mirrors. Success if anything of it is gone already.
 *
 * The record goes last, so that a DEL that failed can be repeated.
 *
 * @module
 */

import type { AttachmentRecord } from "../store.ts";
import type { Call } from "../call.ts";
import type { MirrorConfiguration } from "../../mirror/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { ShapeError } from "../../input/shape.ts";
import { detachAttachment } from "./detach.ts";

/**
 * Carries out DEL.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const record = call.store.read(call.entry);
  const configuration = await configureUnlessNeverAdded(call, record);
  if (!configuration) return;
  using session = await call.connect(configuration);
  const { bridge, mirrors } = configuration;
  const names = mirrors.map(({ name }) => name);
  const { prevResult } = call.request.configuration;
  await detachAttachment(call, session, record ?? {}, bridge, names, prevResult);
  call.store.remove(call.entry);
}

/**
 * A configuration that ADD refuses never attached anything. An error here would keep the
 * runtime from deleting what the plugins before this one made.
 */
async function configureUnlessNeverAdded(
  call: Call,
  record: AttachmentRecord | undefined,
): Promise<MirrorConfiguration | undefined> {
  try {
    return await call.configure();
  } catch (error) {
    const refused = error instanceof Refusal || error instanceof ShapeError;
    if (refused && !record) return undefined;
    throw error;
  }
}
