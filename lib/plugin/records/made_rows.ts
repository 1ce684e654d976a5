/**
 * Records the rows of mirrors that a call made. Loaded only if it made any.
 *
 * @module
 */

import { FileError } from "../../input/files.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import type { OperationResult } from "../../ovsdb/result.ts";
import { uuid } from "../../ovsdb/value.ts";
import type { Call } from "../call.ts";
import { isOf, NOTHING, type RecordedMirror } from "./record.ts";

/**
 * Records the rows of mirrors that were made, so that they are found if they are renamed. The names
 * are on record already, so a failure here is ignored.
 *
 * @param call The call.
 * @param operations What was done.
 * @param results What was answered.
 */
export async function recordRows(
  { store, entry, owner }: Call,
  operations: readonly Operation[],
  results: readonly OperationResult[],
): Promise<void> {
  const made = new Map(
    operations.flatMap((one, index) =>
      one.op === "insert" && one.table === "Mirror" && results[index]?.uuid !== undefined
        ? [[one.row.name, uuid(results[index].uuid)] as const]
        : []
    ),
  );
  const isOwn = isOf(owner);
  const withRows = (mirror: RecordedMirror): RecordedMirror => {
    const row = made.get(mirror.name);
    return row === undefined ? mirror : { ...mirror, rows: [...mirror.rows ?? [], row] };
  };
  try {
    await store.update(entry, (record = NOTHING) => ({
      ...record,
      parts: record.parts.map((part) =>
        isOwn(part) ? { ...part, mirrors: part.mirrors.map(withRows) } : part
      ),
    }));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}
