/**
 * Mirrors that are used on one side only, fed or consumed.
 *
 * @module
 */

import { byMirror, type MirrorUse } from "../project.ts";
import { didYouMean, type Guess } from "./rule.ts";

/**
 * The first use of each mirror that is used on one side only. Two names that lack the other side
 * and are much alike may be meant to be the same.
 */
export function withoutCounterpart(
  uses: readonly MirrorUse[],
  side: (use: MirrorUse) => boolean,
  guess: Guess,
) {
  const mirrors = byMirror(uses);
  const others = mirrors.filter((own) => !own.some(side)).map(([use]) => use!.mirror);
  return mirrors.filter((own) => own.every(side)).map(([use]) => {
    const meant = guess(use!.mirror, others);
    return { use: use!, meant: meant && didYouMean(meant) };
  });
}
