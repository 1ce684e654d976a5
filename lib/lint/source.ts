/**
 * Sources of the text to check: files, directories, standard input.
 *
 * @module
 */

import { readBounded } from "../input/files.ts";
import { quote } from "../text/text.ts";

/** Longest file that is read, in bytes. */
export const MAX_BYTES = 16 * 1024 * 1024;

/** The name of standard input on the command line. */
export const STANDARD_INPUT = "-";

/** The directory of the process's open files. */
const DESCRIPTORS = "/dev/fd/";

/** A file that can't be checked. Its message is one line for a person. */
export class SourceError extends Error {
  /** Tells this kind of error from others. */
  override name = "SourceError";

  /**
   * Makes the error.
   *
   * @param text What was read of the file, as far as it is legible.
   */
  constructor(message: string, readonly text?: string) {
    super(message);
  }
}

/**
 * Reads a file's text.
 *
 * @param file Its path, or {@linkcode STANDARD_INPUT}.
 * @throws {SourceError} It is not a regular file, can't be read, is too long, or not text.
 */
export async function readSource(file: string): Promise<string> {
  // What zsh calls /proc/self/fd/N, bash calls /dev/fd/N, and Deno opens it under that name only.
  const path = file.replace(/^\/proc\/self\/fd\/(?=\d+$)/, DESCRIPTORS);
  if ([STANDARD_INPUT, "/dev/stdin", `${DESCRIPTORS}0`].includes(path)) {
    return decode(file, await readAll(Deno.stdin));
  }
  try {
    const { isFile, isFifo } = await Deno.stat(path);
    // A fifo or a device may never end, but for the pipe that a shell makes of <(…).
    if (!isFile && !(isFifo && path.startsWith(DESCRIPTORS))) {
      throw new SourceError(notRegular(file));
    }
    using open = await Deno.open(path);
    return decode(file, await readAll(open));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const name = error instanceof Error ? error.name : String(error);
    throw new SourceError(`${quote(file)} cannot be read: ${name}`);
  }
}

function notRegular(file: string): string {
  return `${quote(file)} is not a regular file; "-" reads standard input`;
}

function readAll(stream: { read(buffer: Uint8Array): Promise<number | null> }) {
  return readBounded((buffer) => stream.read(buffer), MAX_BYTES);
}

function decode(file: string, content: Uint8Array): string {
  if (content.length > MAX_BYTES) {
    throw new SourceError(`${quote(file)} is longer than ${MAX_BYTES} bytes`, legible(content));
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    if (!CONTROL.test(text)) return text;
  } catch {
    // It is not UTF-8.
  }
  throw new SourceError(`${quote(file)} is not a text in UTF-8`, legible(content));
}

/** Letters and digits, in whatever encoding. */
function legible(content: Uint8Array): string {
  return new TextDecoder("latin1").decode(content).replaceAll("\0", "");
}

/** Characters that no text file has. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;
