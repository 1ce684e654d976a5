/**
 * All that is on record of a role, for those who look beyond one attachment.
 *
 * @module
 */

import { FileError } from "../input/files.ts";
import type { AttachmentRecord } from "./record.ts";
import type { AttachmentStore } from "./store.ts";

/** How many files are worked on at the same time. */
const FILES_AT_ONCE = 32;

/**
 * Does something with each of many, some at the same time. After a failure no further one is begun.
 *
 * @param items The items.
 * @param act What is done.
 * @param atOnce How many at the same time.
 * @returns What came of it, in order.
 */
export async function withEach<Item, Value>(
  items: readonly Item[],
  act: (item: Item) => Promise<Value>,
  atOnce = FILES_AT_ONCE,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const work = async () => {
    try {
      while (next < items.length) {
        const index = next++;
        values[index] = await act(items[index]!);
      }
    } catch (error) {
      next = items.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return values;
}

/** What is on record in one file. */
export interface Entry {
  /** The file's name. */
  name: string;
  /** What it says. */
  record: AttachmentRecord;
}

/**
 * Reads all entries that can be read, and clears up after calls that were killed.
 *
 * @param store The records of the role.
 * @returns The entries.
 * @throws {FileError} The directory can't be read.
 */
export async function readEntries(store: AttachmentStore): Promise<Entry[]> {
  const read = async (name: string) => {
    const record = await store.read(name).catch(ignoreUnreadable);
    return record ? [{ name, record }] : [];
  };
  return (await withEach(await store.names(), read)).flat();
}

function ignoreUnreadable(error: unknown): undefined {
  if (!(error instanceof FileError)) throw error;
}
