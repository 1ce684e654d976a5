/**
 * Reading of configuration files. Loaded only if there is one.
 *
 * @module
 */

import { MAX_FILE_BYTES, parse, readBounded, tooLong, unusable } from "./files.ts";

/**
 * Reads a JSON file of bounded size.
 *
 * @param path Path of a regular file, or of a symbolic link to one.
 * @returns What it holds.
 * @throws {FileError} It is too long, unreadable or not JSON.
 */
export async function readJson(path: string): Promise<unknown> {
  // Not the synchronous open: someone may put a fifo there meanwhile, and that must not hang.
  using file = await Deno.open(path).catch((error) => {
    throw unusable(path, error);
  });
  const content = await readBounded((buffer) => file.read(buffer), MAX_FILE_BYTES);
  if (content.length > MAX_FILE_BYTES) throw tooLong(path);
  return parse(path, content);
}
