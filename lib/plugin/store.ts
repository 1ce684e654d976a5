/**
 * What was attached, kept in one file per attachment, so that DEL works when the runtime has
 * forgotten and GC knows what to look for.
 *
 * Place, names and the member `PrevResult` are those of the Go implementation, so either reads
 * what the other wrote.
 *
 * @module
 */

import { describe, FileError, MAX_FILE_BYTES, parse, tooLong, unusable } from "../input/files.ts";
import { isObject, isPrintable } from "../input/shape.ts";

/** Where attachments are kept unless told otherwise. */
export const DEFAULT_DIRECTORY = "/var/lib/cni/ovs-cni/cache";

/** How often an entry that keeps changing is looked at again. */
const MAX_LOOKS = 5;

/** One attachment. All but the first member are of this implementation. */
export interface AttachmentRecord {
  /** The result of the plugin before, as received. */
  PrevResult?: unknown;
  /** The network's name. */
  network?: string;
  /** Path of the network namespace. */
  netns?: string;
  /** The interface in the container. */
  ifname?: string;
  /** The bridge's name. */
  bridge?: string;
  /** Names of the mirrors attached to. */
  mirrors?: string[];
}

/** The attachments of one role. */
export class AttachmentStore {
  readonly #directory: string;
  readonly #suffix: string;

  /**
   * @param directory Where the files are; made when first written to.
   * @param suffix What their names end with, `prod` or `cons`.
   */
  constructor(directory: string, suffix: string) {
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
   * @returns The attachment; an empty one if the file is damaged, as after a power failure, or
   * can't be one that ADD wrote; nothing if there is no file.
   * @throws {FileError} There is something that is no regular file, or that can't be read.
   */
  read(name: string): AttachmentRecord | undefined {
    const path = this.#path(name);
    let content: Uint8Array | undefined;
    for (let look = 0; content === undefined; look++) {
      const seen = describe(path, Deno.lstatSync);
      if (!seen) return undefined;
      if (seen.size > 4 * MAX_FILE_BYTES) return {};
      if (look === MAX_LOOKS) throw new FileError(`${path} changed while it was read`);
      content = readSame(path, seen);
    }
    try {
      const value = parse(path, content);
      return isRecord(value) ? value : {};
    } catch (error) {
      if (error instanceof FileError) return {};
      throw error;
    }
  }

  /**
   * Writes an entry, whole or not at all.
   *
   * @param name The entry's name.
   * @param record The attachment.
   * @throws {FileError} It can't be written.
   */
  write(name: string, record: AttachmentRecord): void {
    const path = this.#path(name);
    const temporary = this.#path(`.${name}.${crypto.randomUUID().slice(-12)}`);
    const text = JSON.stringify(record);
    if (text.length > MAX_FILE_BYTES) throw tooLong(path);
    try {
      Deno.mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      Deno.writeTextFileSync(temporary, text, { createNew: true, mode: 0o600 });
      Deno.renameSync(temporary, path);
    } catch (error) {
      discard(temporary);
      throw unusable(path, error);
    }
  }

  /**
   * Removes an entry, if there is one, and what writing it left when it was killed.
   *
   * @param name The entry's name.
   * @throws {FileError} It can't be removed.
   */
  remove(name: string): void {
    removeIfThere(this.#path(name));
    for (const file of this.#files()) {
      if (file.startsWith(`.${name}.`)) removeIfThere(this.#path(file));
    }
  }

  /**
   * Lists the entries of this role.
   *
   * @returns Their names.
   * @throws {FileError} The directory can't be read.
   */
  names(): string[] {
    return this.#files().filter((name) => !name.startsWith(".") && name.endsWith(this.#suffix));
  }

  #files(): string[] {
    try {
      return Array.from(Deno.readDirSync(this.#directory))
        .filter(({ isFile }) => isFile)
        .map(({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw unusable(this.#directory, error);
    }
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}

/**
 * Reads the very file that was looked at before. If it is gone or another was put in its place
 * since, as by a call for its attachment during GC, returns nothing.
 */
function readSame(path: string, seen: Deno.FileInfo): Uint8Array | undefined {
  try {
    using file = Deno.openSync(path);
    const { dev, ino } = file.statSync();
    if (dev !== seen.dev || ino !== seen.ino) return undefined;
    const content = new Uint8Array(seen.size);
    return content.subarray(0, file.readSync(content) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw unusable(path, error);
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unusable(path, error);
  }
}

/** Clears up after a failed write; what failed before is the error to report. */
function discard(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It may never have been made.
  }
}

function isRecord(value: unknown): value is AttachmentRecord {
  return isObject(value) &&
    [value.network, value.netns, value.ifname, value.bridge].every(isOptionalText) &&
    (value.mirrors === undefined || (Array.isArray(value.mirrors) && value.mirrors.every(isText)));
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && isPrintable(value);
}
