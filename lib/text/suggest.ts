/**
 * Guesses at what was meant by a misspelt word.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * Finds the word that a misspelt one was meant to be.
 *
 * @param word The misspelt word.
 * @param known The words that there are.
 * @returns The closest one, unless even that has little to do with it.
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Two slips in a long word are likely, in a word of three letters they are another word.
  let least = Math.min(3, Math.ceil(word.length / 2));
  for (const candidate of known) {
    if (Math.abs(word.length - candidate.length) >= least) continue;
    const slips = countSlips(word.toLowerCase(), candidate.toLowerCase());
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best;
}

/** Letters that are all there and only out of order are one slip, as they are to who types. */
function countSlips(a: string, b: string): number {
  if (a !== b && sorted(a) === sorted(b)) return 1;
  return levenshteinDistance(a, b);
}

function sorted(word: string): string {
  return Array.from(word).sort().join("");
}
