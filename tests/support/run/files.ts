/**
 * Files for a test.
 *
 * @module
 */

import { dirname } from "@std/path";

/** A directory with files. Leaving the scope removes it. */
export class Files implements AsyncDisposable {
  private constructor(
    /** The directory's path. */
    readonly directory: string,
  ) {}

  /**
   * Makes the directory and its files.
   *
   * @param files Names to contents; a name may be that of a file in a further directory.
   */
  static async make(files: Record<string, string | Uint8Array> = {}): Promise<Files> {
    const made = new Files(await Deno.makeTempDir({ prefix: "ovs-mirror-test-" }));
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.mkdir(dirname(made.path(name)), { recursive: true });
      await Deno.writeFile(made.path(name), bytes);
    }
    return made;
  }

  /** The path of a file, there or not. */
  path(name: string): string {
    return `${this.directory}/${name}`;
  }

  /** Removes all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}
