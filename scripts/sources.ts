/**
 * The program's own sources.
 *
 * @module
 */

import { join } from "@std/path";

/**
 * Finds the sources in a directory and below it, without their tests.
 *
 * @returns Paths that begin with the directory's, in no order.
 */
export async function* sourcesIn(directory: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) yield* sourcesIn(path);
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield path;
  }
}
