/**
 * Network namespaces on record.
 *
 * @module
 */

import { isThere } from "../../input/files.ts";

/**
 * Tells whether a network namespace is certainly gone: its path does not exist, and not because
 * this process sees another file system than the runtime.
 *
 * @param path Its path, if it is on record.
 * @returns Whether it is gone; false if unknown.
 */
export async function isNetnsGone(path: string | undefined): Promise<boolean> {
  if (!path?.startsWith("/") || await isThere(path)) return false;
  const place = path.startsWith("/proc/") ? "/proc/self" : path.slice(0, path.lastIndexOf("/"));
  return await isThere(place);
}
