/**
 * Guesses at what was meant by a misspelt word.
 *
 * @module
 */

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
    const slips = distance(word.toLowerCase(), candidate.toLowerCase());
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best;
}

/** How many letters have to be inserted, deleted or replaced; neighbours swapped count as one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? before[j - 2]! + 1
        : replaced;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
