/**
 * DEL: takes the port out of the mirrors. Success if anything of it is gone already.
 *
 * What is on record is the truth: it says what has to go, whatever the configuration says today.
 * Where nothing is on record, prevResult and the marks on ports tell as well as they can, and
 * nothing that is wrong with them makes DEL fail: the runtime would never get to delete what the
 * plugins before this one made. A part of the record goes when its ports have left, so that a DEL that
 * failed can be repeated.
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

/** What a DEL should have taken away that failed, and never came again. */
async function forgetDeadNeighbours(
  call: Call,
  configuration: ReadableConfiguration,
): Promise<void> {
  try {
    if ((await call.store.names()).every((name) => name === call.entry)) return;
    const { forgetDead } = await import("../detach/dead.ts");
    await forgetDead(call, configuration);
  } catch {
    // What this call was for is done; another one will look again.
  }
}

/** What the Go implementation left, or a file that is damaged, tells that something is attached. */
function tellsOfUs(record: AttachmentRecord | undefined): record is AttachmentRecord {
  if (!record || record.parts.length > 0) return false;
  // The `ovs` plugin's own entry may have this name too.
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

/** What lies in the place of a record and is no file, such as a link, was not put there by ADD. */
async function readRecord({ store, entry }: Call): Promise<AttachmentRecord | undefined> {
  try {
    return await store.read(entry);
  } catch (error) {
    if (error instanceof IrregularFileError) return undefined;
    throw error;
  }
}
