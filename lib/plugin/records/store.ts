/**
 * Storage of attachment records: one file for each attachment and role, so that DEL works without
 * the runtime's cache and GC knows what to look for.
 *
 * The directory, names and the member `PrevResult` are those of the Go implementation, so either
 * reads what the other wrote.
 *
 * @module
 */

import { FileError, parse } from "../../input/files.ts";
import type { Directory } from "./directory.ts";
import { type AttachmentRecord, DAMAGED, formatRecord, parseRecord } from "./record.ts";

/** The default directory. */
export const DEFAULT_DIRECTORY = "/var/lib/cni/ovs-cni/cache";

/** Size of a content that takes space in the file system. */
const BLOCK = 4096;

/** The records of one role. */
export class AttachmentStore {
  readonly #directory: Directory;
  readonly #suffix: string;

  /**
   * @param directory Where the files are.
   * @param suffix What their names end with, `prod` or `cons`.
   */
  constructor(directory: Directory, suffix: string) {
    this.#directory = directory;
    this.#suffix = `_${suffix}`;
  }

  /**
   * The name of an attachment's entry.
   *
   * @param containerId The container, already checked against the grammar of the specification.
   * @param ifname The interface in the container, likewise.
   * @returns The name.
   */
  entryName(containerId: string, ifname: string): string {
    return `${containerId}-${ifname}${this.#suffix}`;
  }

  /**
   * Reads an entry.
   *
   * @param name The entry's name.
   * @returns The record; {@linkcode DAMAGED} if the file is, as after a power failure; nothing if
   * there is no file.
   * @throws {FileError} It is not a regular file, or can't be read.
   */
  async read(name: string): Promise<AttachmentRecord | undefined> {
    return this.#parse(name, await this.#directory.read(name));
  }

  #parse(name: string, content: Uint8Array | undefined): AttachmentRecord | undefined {
    if (content === undefined) return undefined;
    try {
      return parseRecord(parse(this.#directory.path(name), content));
    } catch (error) {
      if (error instanceof FileError) return DAMAGED;
      throw error;
    }
  }

  /**
   * Changes an entry under a lock: attachments may share one.
   *
   * @param name The entry's name.
   * @param change Gets what is on record, and returns what is to be.
   * @throws {FileError} It can't be read, written or removed.
   */
  update(
    name: string,
    change: (record: AttachmentRecord | undefined) => AttachmentRecord,
  ): Promise<void> {
    return this.#directory.update(
      name,
      (content) => formatRecord(change(this.#parse(name, content))),
    );
  }

  /**
   * Removes temporary files of an ADD that was killed before its entry existed.
   *
   * @param name The entry's name.
   * @throws {FileError} It can't be removed.
   */
  clearUp(name: string): Promise<void> {
    return this.#directory.clearUp(name);
  }

  /**
   * Lists the entries of this role, and removes files left by killed calls.
   *
   * @returns Their names.
   * @throws {FileError} The directory can't be read.
   */
  async names(): Promise<string[]> {
    await this.#directory.tidy();
    return (await this.#directory.list()).filter((name) => name.endsWith(this.#suffix));
  }

  /**
   * Makes sure that an ADD could write a record.
   *
   * @throws {FileError} It could not.
   */
  async probe(): Promise<void> {
    await this.#directory.tidy();
    // Named like a temporary file, so that it is removed if this call is killed.
    const name = `.status.${crypto.randomUUID().slice(-12)}`;
    // An empty file needs no space.
    await this.#directory.update(name, () => " ".repeat(BLOCK));
    await this.#directory.update(name, () => undefined);
  }
}
