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
  const [start, ...pieces] = pattern.split("*") as [string, ...string[]];
  const end = pieces.pop();
  if (end === undefined) return pattern === name;
  if (name.length < start.length + end.length) return false;
  if (!name.startsWith(start) || !name.endsWith(end)) return false;
  const last = name.length - end.length;
  let at = start.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > last) return false;
    at = found + piece.length;
  }
  return true;
}
