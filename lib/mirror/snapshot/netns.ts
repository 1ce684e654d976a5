/**
 * Paths of network namespaces. `/var/run` is a link to `/run`, so one namespace has two.
 *
 * @module
 */

/**
 * The spellings of the path of a network namespace.
 *
 * @param path The path; empty if it is not known.
 * @returns The path as given and, below `/run`, its other spelling; nothing for an empty path.
 */
export function spellingsOf(path: string): string[] {
  if (path.startsWith("/var/run/")) return [path, path.slice("/var".length)];
  if (path.startsWith("/run/")) return [path, `/var${path}`];
  return path === "" ? [] : [path];
}

/**
 * Tells whether two paths are of the same network namespace, by their text.
 *
 * @param one A path.
 * @param other Another.
 * @returns Whether they are.
 */
export function isSameNetns(one: string, other: string): boolean {
  return spellingsOf(one).includes(other);
}
