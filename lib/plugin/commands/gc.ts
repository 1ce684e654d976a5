/**
 * GC: takes the ports of attachments that the runtime no longer knows of out of the mirrors.
 *
 * The runtime speaks for one network only, so the entries of others, and those that do not say
 * whose they are, are left alone.
 *
 * @module
 */

import type { Call } from "../call.ts";
import { parseValidAttachments } from "../../cni/gc.ts";
import { detach, detachAttachment } from "./detach.ts";

/**
 * Carries out GC.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const { role, store, request: { configuration: { name: network, members } } } = call;
  const valid = parseValidAttachments(members);
  if (!valid) return;
  const configuration = await call.configure();
  const { bridge } = configuration;
  using session = await call.connect(configuration);
  const kept = new Set(valid.map((one) => store.entryName(one.containerID, one.ifname)));
  for (const entry of store.names()) {
    const record = kept.has(entry) ? undefined : store.read(entry);
    if (record?.network !== network) continue;
    await detachAttachment(call, session, record, bridge, []);
    store.remove(entry);
  }
  await detach(session, { role, bridge, mirrors: [], ports: [] }, []);
}
