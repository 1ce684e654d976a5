/**
 * A directory of small files that other processes may change at the same time.
 *
 * @module
 */

import {
  ChangingFileError,
  FileError,
  ifThere,
  LongFileError,
  lookAt,
  MAX_FILE_BYTES,
  readOpen,
  readRegular,
  unusable,
} from "../../input/files.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { type Deadline, inTime } from "../deadline.ts";

/**
 * Turns a file's content, if there is a file, into its new content; nothing: the file is removed.
 */
export type Change = (content: Uint8Array | undefined) => string | undefined;

/** Storage for records. Names are those of files directly in the directory. */
export interface Directory {
  /**
   * Reads a file.
   *
   * @returns Its bytes, empty if the file is longer than any of ours; nothing if there is no file.
   * @throws {FileError} It is not a regular file, or can't be read.
   */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Changes a file atomically, under a lock.
   *
   * @throws {FileError} It can't be read, written or removed.
   */
  update(name: string, change: Change): Promise<void>;
  /**
   * Removes temporary files left by killed writers of a file.
   *
   * @throws {FileError} It can't be removed.
   */
  clearUp(name: string): Promise<void>;
  /**
   * Lists all names, whether regular files or not.
   *
   * @throws {FileError} The directory can't be read.
   */
  list(): Promise<string[]>;
  /** Removes temporary files left by killed writers, once no call can be using them. */
  tidy(): Promise<void>;
  /** Path of a file, for messages. */
  path(name: string): string;
}

/** Age from which a temporary file belongs to no running call, in milliseconds. */
const MAX_CALL = 3600_000;

/**
 * Reading options: links in the directory are not followed; files of others may be longer than
 * ours.
 */
const READ_OPTIONS = { followLinks: false, maxBytes: 4 * MAX_FILE_BYTES };

/** Names of temporary files, which contain the final name. */
const TEMPORARY = /^\.(.*)\.[0-9a-f]{12}$/;

/** Returned for a file that is too long to be ours: it is treated as empty. */
function noneOfOurs(error: unknown): Uint8Array {
  if (error instanceof LongFileError) return new Uint8Array();
  throw error;
}

/** Refuses a prevResult that is too long: nothing else in a record is. */
function tooLongToRecord(path: string): Refusal {
  return new Refusal(
    "invalid configuration",
    `prevResult is too long to be put on record: ${path} may have ${MAX_FILE_BYTES} bytes`,
    "let the plugins before this one return a shorter result",
  );
}

/** Tells whether a directory of the path is a file: then nothing can be on record. */
function isNowhere(error: unknown): boolean {
  return error instanceof FileError && error.cause instanceof Deno.errors.NotADirectory;
}

/** A directory of the file system. */
export class FileDirectory implements Directory {
  readonly #path: string;
  readonly #deadline: Deadline;
  #isOurs?: Promise<void>;

  /**
   * @param path Where it is; made when first written to.
   * @param deadline When the file system has had time enough.
   */
  constructor(path: string, deadline: Deadline) {
    this.#path = path;
    this.#deadline = deadline;
  }

  path(name: string): string {
    return `${this.#path}/${name}`;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    while (true) {
      try {
        return await this.#inTime(() => readRegular(this.path(name), READ_OPTIONS));
      } catch (error) {
        if (isNowhere(error)) return undefined;
        // Another call that changes the file at the same time makes progress, so this one does too
        // in the end.
        if (!(error instanceof ChangingFileError)) return noneOfOurs(error);
      }
    }
  }

  async update(name: string, change: Change): Promise<void> {
    while (!await this.#inTime(() => this.#updateOnce(name, change)));
  }

  clearUp(name: string): Promise<void> {
    return this.#inTime(() => this.#clearUp(name));
  }

  async list(): Promise<string[]> {
    const found = await this.#inTime(() => this.#entries());
    return found.map(({ name }) => name).filter((name) => !name.startsWith("."));
  }

  tidy(): Promise<void> {
    return this.#inTime(() => this.#tidy());
  }

  #inTime<Value>(act: () => Promise<Value>): Promise<Value> {
    const doing = (this.#isOurs ??= this.#assertOurs()).then(act);
    return inTime(doing, this.#deadline, this.#path);
  }

  /** Refuses a directory that others can write: they could make DEL and GC detach any port. */
  async #assertOurs(): Promise<void> {
    const info = await ifThere(this.#path, Deno.stat(this.#path)).catch((error) => {
      if (!isNowhere(error)) throw error;
    });
    if (!info) return;
    const [mode, owner] = [info.mode ?? 0, info.uid];
    if ((mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && info.gid !== 0)) {
      throw new FileError(`${this.#path} cannot be trusted: others than its owner may write to it`);
    }
    // There is no permission to ask for the user.
    if (owner !== 0 && owner !== (await ifThere("/proc/self", Deno.stat("/proc/self")))?.uid) {
      throw new FileError(`${this.#path} cannot be trusted: it belongs to another user`);
    }
  }

  /** Returns whether it succeeded; if not, another call changed the file at the same time. */
  async #updateOnce(name: string, change: Change): Promise<boolean> {
    const path = this.path(name);
    if (!await lookAt(path, READ_OPTIONS)) {
      const text = change(undefined);
      return text === undefined || await this.#create(name, text);
    }
    using file = await ifThere(path, Deno.open(path));
    if (!file) return false;
    await this.#lock(path, file);
    // Another call may have replaced or removed the file before this one got the lock.
    const [ours, there] = [await ifThere(path, file.stat()), await lookAt(path, READ_OPTIONS)];
    if (!ours || ours.ino !== there?.ino || ours.dev !== there.dev) return false;
    const text = change(
      await readOpen(path, file, ours.size, READ_OPTIONS.maxBytes).catch(noneOfOurs),
    );
    if (text === undefined) await this.#remove(name);
    else await this.#write(name, text, Deno.rename);
    return true;
  }

  /** Makes a file, unless there is one now. */
  async #create(name: string, text: string): Promise<boolean> {
    try {
      await this.#write(name, text, Deno.link);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  }

  /** Writes a file under another name, then moves or links it to its own, so that it is whole. */
  async #write(
    name: string,
    text: string,
    place: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const path = this.path(name);
    const temporary = this.path(`.${name}.${crypto.randomUUID().slice(-12)}`);
    if (text.length > MAX_FILE_BYTES) throw tooLongToRecord(path);
    try {
      await this.#writeNew(temporary, text);
      await place(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error instanceof Deno.errors.AlreadyExists ? error : unusable(path, error);
    }
    if (place === Deno.link) await ifThere(temporary, Deno.remove(temporary));
  }

  async #writeNew(path: string, text: string): Promise<void> {
    const write = () => Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 });
    try {
      await write();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await Deno.mkdir(this.#path, { recursive: true, mode: 0o700 });
      await write();
    }
  }

  async #clearUp(name: string): Promise<void> {
    for (const { name: file } of await this.#files()) {
      if (TEMPORARY.exec(file)?.[1] === name) await this.#remove(file);
    }
  }

  async #tidy(): Promise<void> {
    for (const { name: file } of await this.#files()) {
      if (!TEMPORARY.test(file)) continue;
      const info = await ifThere(this.path(file), Deno.lstat(this.path(file)));
      if (Date.now() - (info?.mtime?.getTime() ?? Date.now()) > MAX_CALL) await this.#remove(file);
    }
  }

  /** The kernel releases the lock when the process ends, even if it is killed. */
  async #lock(path: string, file: Deno.FsFile): Promise<void> {
    try {
      await file.lock(true);
    } catch (error) {
      throw unusable(path, error);
    }
  }

  async #remove(name: string): Promise<void> {
    await ifThere(this.path(name), Deno.remove(this.path(name)));
  }

  async #files(): Promise<Deno.DirEntry[]> {
    return (await this.#entries()).filter(({ isFile }) => isFile);
  }

  async #entries(): Promise<Deno.DirEntry[]> {
    const entries: Deno.DirEntry[] = [];
    try {
      for await (const entry of Deno.readDir(this.#path)) entries.push(entry);
    } catch (error) {
      const fault = error instanceof Deno.errors.NotFound ? undefined : unusable(this.#path, error);
      if (fault && !isNowhere(fault)) throw fault;
    }
    return entries;
  }
}
