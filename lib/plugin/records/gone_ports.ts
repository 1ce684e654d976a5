/**
 * Removes ports that are gone from a record. Loaded only if there are any.
 *
 * @module
 */

import type { Call } from "../call.ts";
import { isOf, NOTHING, type RecordedPort } from "./record.ts";

/**
 * Removes ports of a call's attachment from its record, if others stay: an earlier call attached
 * them.
 *
 * @param call The call.
 * @param gone The ports.
 */
export async function forgetPorts(
  { store, entry, owner }: Call,
  gone: readonly RecordedPort[],
): Promise<void> {
  const isOwn = isOf(owner);
  const stays = ({ id }: RecordedPort) => gone.every((port) => port.id !== id);
  await store.update(entry, (record = NOTHING) => ({
    ...record,
    parts: record.parts.map((part) =>
      isOwn(part) && part.ports.some(stays) ? { ...part, ports: part.ports.filter(stays) } : part
    ),
  }));
}
