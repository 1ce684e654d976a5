/**
 * Destinations for packets: a file, or standard output.
 *
 * @module
 */

import { CommandError, EXIT } from "../errors.ts";
import { quote } from "../../text/text.ts";

/** A destination for bytes. */
export interface Sink {
  /**
   * Writes bytes, all of them unless something fails.
   *
   * @returns How many were written, and the error if something failed.
   */
  write(bytes: Uint8Array): Promise<{ done: number; error?: unknown }>;
  /** Takes the last bytes away again, where that is possible. */
  cutOff(count: number): Promise<void>;
}

const STANDARD_OUTPUT = 1;

/**
 * Opens a file, which becomes empty, or standard output.
 *
 * @param path The file; standard output if absent.
 * @returns Where to write.
 * @throws {CommandError} The file can't be opened.
 */
export async function openSink(path?: string): Promise<Sink> {
  if (path === undefined) {
    const { fstatSync, ftruncateSync } = await import("node:fs");
    const isFile = fstatSync(STANDARD_OUTPUT).isFile();
    return isFile ? redirected(fstatSync, ftruncateSync) : { ...writer(Deno.stdout), cutOff };
  }
  try {
    // Packets may hold secrets: nobody else reads them.
    const options = { write: true, create: true, truncate: true, mode: 0o600 };
    const file = await Deno.open(path, options);
    return {
      ...writer(file),
      async cutOff(count) {
        const { isFile, size } = await file.stat();
        if (isFile) await file.truncate(size - count);
      },
    };
  } catch (error) {
    throw new CommandError(
      `cannot open ${quote(path)} for writing: ${(error as Error).name}`,
      EXIT.failure,
    );
  }
}

/** Bytes that a pipe has taken are gone. */
function cutOff(): Promise<void> {
  return Promise.resolve();
}

function writer(file: { write(bytes: Uint8Array): Promise<number> }): Pick<Sink, "write"> {
  return {
    async write(bytes) {
      let done = 0;
      try {
        while (done < bytes.length) done += await file.write(bytes.subarray(done));
      } catch (error) {
        return { done, error };
      }
      return { done };
    },
  };
}

/**
 * A file that a shell has opened as standard output. Of that, the runtime does not tell how much
 * was written when something failed, and keeps some bytes back, to write them at its end.
 */
function redirected(
  fstatSync: typeof import("node:fs").fstatSync,
  ftruncateSync: typeof import("node:fs").ftruncateSync,
): Sink {
  const size = () => fstatSync(STANDARD_OUTPUT).size;
  const { write } = writer(Deno.stdout);
  return {
    async write(bytes) {
      const before = size();
      const result = await write(bytes);
      return { ...result, done: size() - before };
    },
    async cutOff(count) {
      const end = size() - count;
      ftruncateSync(STANDARD_OUTPUT, end);
      // Now there is room for what was kept back, which comes out and is cut off too.
      await Deno.stdout.write(new Uint8Array()).catch(() => {});
      ftruncateSync(STANDARD_OUTPUT, end);
    },
  };
}
