/**
 * Reading of files that others may have put there.
 *
 * @module
 */

/** A file that can't be used. Its message names the file, never what is in it. */
export class FileError extends Error {
  /** Tells this kind of error from others. */
  override name = "FileError";
}

/** Longest file that is read, in bytes. */
export const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Looks at what is at a path.
 *
 * @param path The path.
 * @param look `Deno.statSync`, or `Deno.lstatSync` where symbolic links are not welcome.
 * @returns What it says of a regular file, or nothing if there is nothing at the path.
 * @throws {FileError} It is no regular file, or can't be looked at.
 */
export function describe(
  path: string,
  look: (path: string) => Deno.FileInfo,
): Deno.FileInfo | undefined {
  let info: Deno.FileInfo;
  try {
    info = look(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw unusable(path, error);
  }
  if (!info.isFile) throw new FileError(`${path} is not a regular file`);
  return info;
}

/**
 * Decodes a file's content.
 *
 * @param path The file's path, for messages.
 * @param content Its bytes.
 * @returns The JSON value.
 * @throws {FileError} It is not JSON.
 */
export function parse(path: string, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    // The parser's own message would repeat what it read.
    throw new FileError(`${path} is not valid JSON`);
  }
}

/**
 * Puts a failure of the file system in words.
 *
 * @param path The file's path.
 * @param error What Deno threw.
 * @returns The error to throw.
 */
export function unusable(path: string, error: unknown): FileError {
  return new FileError(`${path} cannot be used: ${error instanceof Error ? error.name : error}`);
}

/**
 * Refuses a file for its length.
 *
 * @param path The file's path.
 * @returns The error to throw.
 */
export function tooLong(path: string): FileError {
  return new FileError(`${path} is longer than ${MAX_FILE_BYTES} bytes`);
}

/**
 * Reads a stream of bytes to its end, or until it is longer than it may be.
 *
 * @param read Fills a buffer and returns how much of it, or null at the end.
 * @param limit How many bytes are acceptable.
 * @returns The bytes; more than `limit` of them if there were more.
 */
export async function readBounded(
  read: (buffer: Uint8Array) => Promise<number | null>,
  limit: number,
): Promise<Uint8Array> {
  let content = new Uint8Array(16 * 1024);
  let length = 0;
  while (length <= limit) {
    if (length === content.length) {
      const larger = new Uint8Array(Math.min(content.length * 4, limit + 1));
      larger.set(content);
      content = larger;
    }
    const count = await read(content.subarray(length));
    if (count === null) break;
    length += count;
  }
  return content.subarray(0, length);
}
