/**
 * Reading of files that others may have put there.
 *
 * Nothing here blocks the program: a file system that hangs must not outlast a call's deadline.
 *
 * @module
 */

import { parseJson } from "./json.ts";

/** A file that can't be used. Its message names the file, never what is in it. */
export class FileError extends Error {
  /** Tells this kind of error from others. */
  override name = "FileError";
}

/** A path leads to a directory, a link, a device or the like. */
export class IrregularFileError extends FileError {
  /** Tells this kind of error from others. */
  override name = "IrregularFileError";
}

/** A file is longer than it may be. */
export class LongFileError extends FileError {
  /** Tells this kind of error from others. */
  override name = "LongFileError";
}

/** A file kept changing while it was read. */
export class ChangingFileError extends FileError {
  /** Tells this kind of error from others. */
  override name = "ChangingFileError";
}

/** Longest file that is read, in bytes. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** Attempts at reading a file that keeps changing. */
const MAX_LOOKS = 5;

/** Options for reading a file. */
export interface ReadOptions {
  /** True if a symbolic link at the path is followed; it is no regular file otherwise. */
  followLinks: boolean;
  /** Longest file that is read, in bytes. */
  maxBytes: number;
}

/**
 * Reads a regular file.
 *
 * @param options How.
 * @returns Its bytes, or nothing if there is nothing at the path.
 * @throws {IrregularFileError} It is no regular file.
 * @throws {FileError} It is too long, or can't be read.
 */
export async function readRegular(
  path: string,
  options: ReadOptions,
): Promise<Uint8Array | undefined> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    const seen = await lookAt(path, options);
    if (!seen) return undefined;
    if (seen.size > options.maxBytes) throw tooLong(path, options.maxBytes);
    const content = await readSame(path, seen, options.maxBytes);
    if (content) return content;
  }
  throw new ChangingFileError(`${path} changed while it was read`);
}

/**
 * Looks at what is at a path.
 *
 * @param options Whether to follow links.
 * @returns What there is to say of a regular file; nothing if there is nothing.
 * @throws {IrregularFileError} It is no regular file.
 * @throws {FileError} It can't be looked at.
 */
export async function lookAt(
  path: string,
  { followLinks }: Pick<ReadOptions, "followLinks">,
): Promise<Deno.FileInfo | undefined> {
  const info = await ifThere(path, (followLinks ? Deno.stat : Deno.lstat)(path));
  if (info && !info.isFile) throw new IrregularFileError(`${path} is not a regular file`);
  return info;
}

/**
 * Reads the very file that was looked at before. If it is gone or another was put in its place
 * since, returns nothing.
 */
async function readSame(
  path: string,
  { dev, ino }: Deno.FileInfo,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  // Not the synchronous open: someone may put a fifo there meanwhile.
  using file = await ifThere(path, Deno.open(path));
  if (!file) return undefined;
  let opened: Deno.FileInfo;
  try {
    opened = await file.stat();
  } catch (error) {
    throw unusable(path, error);
  }
  if (opened.dev !== dev || opened.ino !== ino) return undefined;
  return await readOpen(path, file, opened.size, maxBytes);
}

/**
 * Reads an open file to its end.
 *
 * @param path The file's path, for messages.
 * @param size How long it is, in bytes; 0 where the kernel can't tell.
 * @param maxBytes How long it may be.
 * @throws {FileError} It is too long, or can't be read.
 */
export async function readOpen(
  path: string,
  file: { read(buffer: Uint8Array): Promise<number | null> },
  size: number,
  maxBytes: number,
): Promise<Uint8Array> {
  let length = 0;
  const read = async (buffer: Uint8Array) => {
    if (size > 0 && length >= size) return null;
    const count = await file.read(buffer);
    length += count ?? 0;
    return count;
  };
  try {
    const content = await readBounded(read, maxBytes);
    if (content.length <= maxBytes) return content;
  } catch (error) {
    throw unusable(path, error);
  }
  throw tooLong(path, maxBytes);
}

/**
 * Waits for something of a file that may be missing.
 *
 * @param path The file's path.
 * @param doing What is done with it.
 * @returns What came of it, or nothing if there is no such file.
 * @throws {FileError} It failed otherwise.
 */
export async function ifThere<Value>(
  path: string,
  doing: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw unusable(path, error);
  }
}

/** Reports whether there is something at a path, or may be: only a path that is not found is free. */
export async function isThere(path: string): Promise<boolean> {
  try {
    return Boolean(await Deno.lstat(path));
  } catch (error) {
    // Deno makes each of its classes of errors when it is named.
    return (error as Error).name !== "NotFound";
  }
}

/**
 * Decodes a file's content.
 *
 * @param path The file's path, for messages.
 * @returns The JSON value; numbers that would change are opaque, see `parseJson()`.
 * @throws {FileError} It is not JSON.
 */
export function parse(path: string, content: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(content));
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
  if (error instanceof FileError) return error;
  if (!(error instanceof Error)) return new FileError(`${path} cannot be used: ${error}`);
  // Deno has no class for each failure; "Error" alone would not tell a full disk from others.
  const { code = error.name } = error as { code?: string };
  const what = error.name === "Error" ? code : error.name;
  return new FileError(`${path} cannot be used: ${what}`, { cause: error });
}

/**
 * Refuses a file for its length.
 *
 * @param path The file's path.
 * @param maxBytes How long it may be.
 * @returns The error to throw.
 */
export function tooLong(path: string, maxBytes: number): LongFileError {
  return new LongFileError(`${path} is longer than ${maxBytes} bytes`);
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
