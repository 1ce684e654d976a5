/**
 * Reading of a file that nobody but root can have written, or put where it is.
 *
 * @module
 */

import {
  FileError,
  ifThere,
  IrregularFileError,
  lookAt,
  readOpen,
  type ReadOptions,
  unusable,
} from "./files.ts";

/** Rights to write of a group and of all others, also where a directory is sticky. */
const OTHERS_WRITE = 0o022;

/**
 * Reads a file of root's: a regular one that nobody else may write, in directories of which the
 * same is true up to the root of the file system. Once that is so of a directory, only root can
 * change what is in it, so nothing can be swapped between the looks; whose the content is, is asked
 * of the open file. Links are refused, on the way too: where they lead, others might have a say.
 *
 * @param path An absolute path.
 * @param maxBytes Longest file that is read, in bytes.
 * @returns Its bytes, or nothing if there is nothing at the path.
 * @throws {FileError} It is not such a file, is too long, or can't be read.
 */
export async function readTrusted(
  path: string,
  { maxBytes }: Pick<ReadOptions, "maxBytes">,
): Promise<Uint8Array | undefined> {
  if (!path.startsWith("/")) throw new FileError(`${path} is not an absolute path`);
  for (const directory of directoriesAbove(path)) {
    const info = await ifThere(directory, Deno.lstat(directory));
    if (!info) return undefined;
    if (!info.isDirectory) throw new FileError(`${directory} is not a directory`);
    demandRoots(directory, info);
  }
  // What is no regular file is not opened: a fifo would wait for a writer.
  if (!await lookAt(path, { followLinks: false })) return undefined;
  using file = await ifThere(path, Deno.open(path));
  if (!file) return undefined;
  const info = await file.stat().catch((error) => {
    throw unusable(path, error);
  });
  if (!info.isFile) throw new IrregularFileError(`${path} is not a regular file`);
  demandRoots(path, info);
  return await readOpen(path, file, info.size, maxBytes);
}

/** `/`, `/etc` and so on. */
function directoriesAbove(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return ["/", ...names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`)];
}

function demandRoots(path: string, { uid, mode }: Deno.FileInfo): void {
  if (uid !== 0) throw new FileError(`${path} belongs to user ${uid}, not to root`);
  if (mode === null || mode & OTHERS_WRITE) {
    throw new FileError(`${path} may be written by others than root`);
  }
}
