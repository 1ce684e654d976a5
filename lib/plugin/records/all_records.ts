/**
 * All that is on record of a role, for those who look beyond one attachment.
 *
 * @module
 */

import { FileError } from "../../input/files.ts";
import type { AttachmentRecord } from "./record.ts";
import { quote } from "../../input/shape.ts";
import { Refusal } from "../../mirror/refusal.ts";
import type { AttachmentStore } from "./store.ts";
import { withEach } from "../pool.ts";

/**
 * Names the pod of the port that a refusal is about, where it is on record.
 *
 * @param store The records of the role.
 * @param refusal The refusal.
 * @returns The same, or one whose message names the pod.
 */
export async function withPod(store: AttachmentStore, refusal: Refusal): Promise<Refusal> {
  const { reason, message, hint, holder } = refusal;
  const parts = (await readEntries(store)).flatMap(({ record }) => record.parts);
  const pod = parts.find(({ ports }) => ports.some(({ id }) => id === holder))?.pod;
  if (!pod) return refusal;
  const name = quote(`${pod.namespace}/${pod.name}`);
  return new Refusal(reason, `${message} of pod ${name}`, hint, holder);
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
 * @param unreadable Gets why an entry can't be read.
 * @returns The entries.
 * @throws {FileError} The directory can't be read.
 */
export async function readEntries(
  store: AttachmentStore,
  unreadable: (error: FileError) => void = () => {},
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
  return (await withEach(await store.names(), read)).flat();
}
