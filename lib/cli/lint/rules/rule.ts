/**
 * What a rule is.
 *
 * @module
 */

import type { Role } from "../../../mirror/role.ts";
import { suggest } from "../../suggest.ts";
import { quote } from "../../text.ts";
import type { Problem } from "../finding.ts";
import type { Network, Plugin } from "../network.ts";
import type { Project } from "../project.ts";

/** Something that has to be so. */
export interface Rule {
  /** Its name, by which a comment switches it off. */
  name: string;
  /** Finds where it is not so. */
  check(project: Project): Iterable<Problem>;
}

/** A plugin of ours, and the chain that it stands in. */
export interface MirrorPlugin extends Plugin {
  /** What the plugin makes of its port. */
  role: Role;
  /** The chain. */
  network: Network;
}

/** The plugins of ours. */
export function mirrorPlugins({ networks }: Project): MirrorPlugin[] {
  return networks.flatMap((network) =>
    network.plugins.flatMap((plugin) =>
      plugin.role ? [{ ...plugin, role: plugin.role, network }] : []
    )
  );
}

/** The networks that have plugins of ours. */
export function mirrorNetworks({ networks }: Project): Network[] {
  return networks.filter(({ plugins }) => plugins.some(({ role }) => role));
}

/** Most comparisons of words that a rule makes; more would take seconds. */
const MAX_COMPARISONS = 50_000;

/** Guesses what was meant by a word that is not among those known. */
export type Guess = (word: string, known: readonly string[]) => string | undefined;

/**
 * Makes the guesses of one rule: whoever has thousands of slips gets hints for the first ones.
 *
 * @returns Guesses as {@linkcode suggest} does.
 */
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
