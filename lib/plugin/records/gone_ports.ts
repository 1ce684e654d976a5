/**
 * Ports on record that are gone. Loaded only where there are any.
 *
 * @module
 */

import type { Call } from "../call.ts";
import { isOf, NOTHING, type RecordedPort } from "./record.ts";

/**
 * Takes ports of a call's attachment off its record, where others are on record with them: an
 * earlier call attached them.
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
