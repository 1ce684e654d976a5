/**
 * Finds misspelt members, which would be ignored like all unknown ones.
 *
 * @module
 */

import type { Members } from "../../input/shape.ts";

/**
 * Finds a member whose name differs from a known one by one typing error, or only in case.
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

/**
 * Tells whether two words differ by one letter added, left out or replaced, or by two swapped ones.
 */
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
