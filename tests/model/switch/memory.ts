/**
 * A directory of records in memory.
 *
 * @module
 */

import type { Change, Directory } from "../../../lib/plugin/records/directory.ts";

/** The directory. */
export class MemoryDirectory implements Directory {
  /** What is in it. */
  readonly files = new Map<string, string>();

  path(name: string): string {
    return `/cache/${name}`;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#content(name));
  }

  update(name: string, change: Change): Promise<void> {
    this.change(name, change);
    return Promise.resolve();
  }

  /** Changes a file at once. */
  change(name: string, change: Change): void {
    const text = change(this.#content(name));
    if (text === undefined) this.files.delete(name);
    else this.files.set(name, text);
  }

  clearUp(): Promise<void> {
    return Promise.resolve();
  }

  list(): Promise<string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  tidy(): Promise<void> {
    return Promise.resolve();
  }

  #content(name: string): Uint8Array | undefined {
    const text = this.files.get(name);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }
}
