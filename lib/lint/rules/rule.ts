/**
 * The shape of a lint rule, and guesses for misspelt words.
 *
 * @module
 */

import { suggest } from "../../text/suggest.ts";
import { quote } from "../../text/text.ts";
import type { Problem } from "../finding.ts";
import type { Project } from "../project.ts";

/** A lint rule. */
export interface Rule {
  /** Its name, by which a comment switches it off. */
  name: string;
  /** Checks what one document says. */
  checkDocument?(project: Project, guess: Guess): Iterable<Problem>;
  /** Checks what all documents say together, as far as {@linkcode withoutDetails} keeps it. */
  checkAll?(project: Project, guess: Guess): Iterable<Problem>;
}

/** Most comparisons of words that a rule makes; more would take seconds. */
const MAX_COMPARISONS = 50_000;

/** Guesses what was meant by a word that is not among those known. */
export type Guess = (word: string, known: readonly string[]) => string | undefined;

/** Makes the guesses of one rule: whoever has thousands of slips gets hints for the first ones. */
export function guessing(): Guess {
  let left = MAX_COMPARISONS;
  return (word, known) => {
    left -= known.length;
    return left < 0 ? undefined : suggest(word, known);
  };
}

/** The hint for a misspelt word. */
export function didYouMean(word: string): string {
  return `did you mean ${quote(word)}?`;
}
