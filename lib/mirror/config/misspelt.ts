/**
 * Members that look like known ones. They would be ignored, and something that was meant would
 * not be done.
 *
 * @module
 */

import type { Members } from "../../input/shape.ts";

/**
 * Finds a member whose name is one slip, or nothing but its case, away from a known one.
 *
 * @param members The members of an object.
 * @param known The names that there are.
 * @returns The member's name and the known one.
 */
export function findLookalike(
  members: Members,
  known: readonly string[],
): { name: string; meant: string } | undefined {
  for (const name of Object.keys(members)) {
    if (known.includes(name)) continue;
    const meant = known.find((one) => isOneSlip(name.toLowerCase(), one));
    if (meant !== undefined) return { name, meant };
  }
  return undefined;
}

/** Whether a letter more or less, another letter or two swapped ones make two words equal. */
function isOneSlip(word: string, other: string): boolean {
  const shorter = Math.min(word.length, other.length);
  let start = 0;
  while (start < shorter && word[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === other.at(-1 - end)) end++;
  const [left, right] = [
    word.slice(start, word.length - end),
    other.slice(start, other.length - end),
  ];
  const swapped = left.length === 2 && right === `${left[1]}${left[0]}`;
  return swapped || (left.length <= 1 && right.length <= 1);
}
