/**
 * Takes back what an ADD put on record. Loaded only if it failed, or starts over.
 *
 * @module
 */

import { type AttachmentRecord, isOf, NOTHING, type Owner } from "./record.ts";

/**
 * Restores an attachment's earlier parts of a record; the parts of others stay as they are now.
 *
 * @param owner The attachment.
 * @param now The record.
 * @param previous The record before.
 * @returns The record to be written.
 */
export function asBefore(
  owner: Owner,
  now: AttachmentRecord = NOTHING,
  previous: AttachmentRecord = NOTHING,
): AttachmentRecord {
  const isOwn = isOf(owner);
  const parts = [...now.parts.filter((part) => !isOwn(part)), ...previous.parts.filter(isOwn)];
  return { ...now, PrevResult: previous.PrevResult, parts, isDamaged: previous.isDamaged };
}
