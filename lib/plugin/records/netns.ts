/**
 * Network namespaces that are on record.
 *
 * @module
 */

/**
 * Tells whether a network namespace is gone for sure: its path is not there, and that is not because
 * this process sees another file system than the runtime.
 *
 * @param path Its path, if it is on record.
 * @returns Whether it is gone; not if that can't be told.
 */
export async function isNetnsGone(path: string | undefined): Promise<boolean> {
  if (!path?.startsWith("/") || await isThere(path)) return false;
  const place = path.startsWith("/proc/") ? "/proc/self" : path.slice(0, path.lastIndexOf("/"));
  return await isThere(place);
}

/** What can't be looked at may be there. */
async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
