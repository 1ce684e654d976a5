/**
 * DEL: takes the port out of the mirrors. It succeeds if all or a part of it is gone already.
 *
 * The record decides what to detach, whatever the configuration says by now. Without a record,
 * prevResult and the marks on ports are used as far as possible, and no fault in them makes DEL
 * fail: otherwise the runtime could never delete what the plugins before this one made. A part of
 * the record is removed after its ports are detached, so that a failed DEL can be repeated.
 *
 * @module
 */

import { IrregularFileError } from "../../input/files.ts";
import type { ReadableConfiguration } from "../../mirror/config/lenient.ts";
import { OvsdbError } from "../../ovsdb/error.ts";
import type { Call } from "../call.ts";
import { type AttachmentRecord, isOf, withoutParts } from "../records/record.ts";
import { detachNamed } from "../detach/attachments.ts";
import { detachRecorded } from "../detach/recorded.ts";
import { patienceOf } from "../detach/transaction.ts";

/**
 * Carries out DEL.
 *
 * @param call The call.
 */
export async function run(call: Call): Promise<void> {
  const record = await readRecord(call);
  const isOwn = isOf(call.owner);
  const parts = record?.parts.filter(isOwn) ?? [];
  await call.store.clearUp(call.entry);
  const configuration = await call.configureLeniently();
  if (parts.length > 0) {
    const recorded = parts.map((part) => ({
      entry: call.entry,
      part,
      PrevResult: record!.PrevResult,
    }));
    await detachRecorded(call, recorded, { configuration, patience: patienceOf(call) });
  } else if (tellsOfUs(record)) {
    await detachNamed(call, configuration, record);
    await call.store.update(call.entry, (now) => withoutParts(now, isOwn));
  } else await detachAsFarAsPossible(call, configuration);
  await forgetDeadNeighbours(call, configuration);
}

/** Removes dead records of other attachments, whose DEL failed and was not repeated. */
async function forgetDeadNeighbours(
  call: Call,
  configuration: ReadableConfiguration,
): Promise<void> {
  try {
    if ((await call.store.names()).every((name) => name === call.entry)) return;
    const { forgetDead } = await import("../detach/dead.ts");
    await forgetDead(call, configuration);
  } catch {
    // This call's own work is done; the next call tries again.
  }
}

/**
 * Tells whether a record without parts shows that something is attached: it is the Go
 * implementation's, or damaged.
 */
function tellsOfUs(record: AttachmentRecord | undefined): record is AttachmentRecord {
  if (!record || record.parts.length > 0) return false;
  // The `ovs` plugin's own entry may have the same name.
  return record.PrevResult !== undefined || record.isDamaged === true;
}

async function detachAsFarAsPossible(
  call: Call,
  configuration: ReadableConfiguration,
): Promise<void> {
  try {
    await detachNamed(call, configuration);
  } catch (error) {
    if (!(error instanceof OvsdbError)) throw error;
  }
}

/** A non-regular file at a record's path, such as a link, was not made by ADD. */
async function readRecord({ store, entry }: Call): Promise<AttachmentRecord | undefined> {
  try {
    return await store.read(entry);
  } catch (error) {
    if (error instanceof IrregularFileError) return undefined;
    throw error;
  }
}
