/**
 * Reads all records of a role, for calls that look at more than one attachment.
 *
 * @module
 */

import { FileError } from "../../input/files.ts";
import type { AttachmentRecord } from "./record.ts";
import type { AttachmentStore } from "./store.ts";
import { withEach } from "../pool.ts";

/** A record and its file. */
export interface Entry {
  /** The file's name. */
  name: string;
  /** The record. */
  record: AttachmentRecord;
}

/** Options for reading entries. */
export interface Reading {
  /** Most entries to read, from a random one on. */
  most?: number;
  /** Called with the reason if an entry can't be read. */
  unreadable?: (error: FileError) => void;
}

/**
 * Reads all readable entries, and removes files left by killed calls.
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
