/**
 * Names with `*` in them.
 *
 * @module
 */

/**
 * Tells whether a name fits a pattern. Each piece of the pattern is looked for once, from where the
 * one before it ended, so no pattern makes it slow.
 *
 * @param pattern A name, in which `*` stands for any run of characters, also for none.
 */
export function fits(pattern: string, name: string): boolean {
  let at = pattern.indexOf("*");
  if (at < 0) return pattern === name;
  // Most patterns of a policy are of other names, and differ here.
  if (!name.startsWith(pattern.slice(0, at))) return false;
  const pieces = pattern.slice(at + 1).split("*");
  const end = pieces.pop()!;
  const last = name.length - end.length;
  if (last < at || !name.endsWith(end)) return false;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > last) return false;
    at = found + piece.length;
  }
  return true;
}
