/**
 * ADD: makes the port a source or the output of mirrors.
 *
 * The attachment is recorded once the plan stands and before anything is changed, so that DEL
 * finds it however the rest goes. A record is taken back only if it is certain that the
 * transaction did not take effect.
 *
 * @module
 */

import type { AttachmentRecord } from "../store.ts";
import type { Call } from "../call.ts";
import { formatResult } from "../../cni/result.ts";
import { planAttach } from "../../mirror/attach.ts";
import type { MirrorConfiguration } from "../../mirror/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { OperationError } from "../../ovsdb/result.ts";
import type { Session } from "../session.ts";

/**
 * Carries out ADD.
 *
 * @param call The call.
 * @returns The result of the plugin before, whole.
 */
export async function run(call: Call): Promise<string> {
  const { cniVersion, prevResult } = call.request.configuration;
  const output = formatResult(prevResult!, cniVersion);
  const configuration = await call.configure();
  using session = await call.connect(configuration);
  await attach(call, configuration, session);
  return output;
}

async function attach(call: Call, configuration: MirrorConfiguration, session: Session) {
  const { store, entry } = call;
  const request = call.attachRequest(configuration);
  const previous = store.read(entry);
  let recorded = false;
  try {
    await session.withSnapshot(call.query(configuration), async (snapshot) => {
      const plan = planAttach(request, snapshot);
      if (!recorded) store.write(entry, record(call, configuration, previous));
      recorded = true;
      await session.change(plan);
    });
  } catch (error) {
    if (recorded && isDefinite(error)) restore(call, previous);
    throw error;
  }
}

/** Whether it is certain that a transaction did not take effect. */
function isDefinite(error: unknown): boolean {
  return error instanceof Refusal || error instanceof OperationError;
}

function restore({ store, entry }: Call, previous: AttachmentRecord | undefined): void {
  if (previous) store.write(entry, previous);
  else store.remove(entry);
}

/** Chained producers share an entry, which then names the mirrors of all of them. */
function record(
  { request }: Call,
  { bridge, mirrors }: MirrorConfiguration,
  previous: AttachmentRecord | undefined,
): AttachmentRecord {
  const { attachment: { netns, ifname }, configuration: { name, prevResult } } = request;
  const shared = previous?.network === name && previous.bridge === bridge;
  const names = [...(shared ? previous.mirrors ?? [] : []), ...mirrors.map(({ name }) => name)];
  return {
    PrevResult: prevResult!.members,
    network: name,
    netns,
    ifname,
    bridge,
    mirrors: [...new Set(names)],
  };
}
