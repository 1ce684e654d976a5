/**
 * All that is on record of a role, for those who look beyond one attachment.
 *
 * @module
 */

import { FileError } from "../../input/files.ts";
import type { AttachmentRecord } from "./record.ts";
import type { AttachmentStore } from "./store.ts";
import { withEach } from "../pool.ts";

/** What is on record in one file. */
export interface Entry {
  /** The file's name. */
  name: string;
  /** What it says. */
  record: AttachmentRecord;
}

/** Which entries are read, and what becomes of the others. */
export interface Reading {
  /** How many are read at most, from any on. */
  most?: number;
  /** Gets why an entry can't be read. */
  unreadable?: (error: FileError) => void;
}

/**
 * Reads all entries that can be read, and clears up after calls that were killed.
 *
 * @param store The records of the role.
 * @param reading Which of them.
 * @returns The entries.
 * @throws {FileError} The directory can't be read.
 */
export async function readEntries(
  store: AttachmentStore,
  { most, unreadable = () => {} }: Reading = {},
): Promise<Entry[]> {
  const read = async (name: string) => {
    try {
      const record = await store.read(name);
      return record ? [{ name, record }] : [];
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      unreadable(error);
      return [];
    }
  };
  return (await withEach(some(await store.names(), most), read)).flat();
}

function some(names: readonly string[], most = names.length): readonly string[] {
  const start = names.length > most ? Math.floor(Math.random() * names.length) : 0;
  return [...names.slice(start), ...names.slice(0, start)].slice(0, most);
}
