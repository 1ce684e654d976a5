/**
 * Whether mirrors work, and if not, why.
 *
 * @module
 */

import { MAX_MIRRORS } from "../../mirror/conflicts.ts";
import { OWNER } from "../../mirror/snapshot.ts";
import type { Mirror } from "./model.ts";

/** What keeps a mirror from working, or makes it doubtful which one is meant. */
const PROBLEM = {
  noSources: "no sources",
  noOutput: "no output",
  outputDown: "output port down",
  outputElsewhere: "output port on another bridge",
  beyondLimit: `beyond the switch's ${MAX_MIRRORS}`,
  duplicate: "duplicate name",
} as const;

/** A judgement about a mirror. */
export interface Verdict {
  /** Phrases that tell how it is. */
  words: readonly string[];
  /** Whether the plugins did not make it, so that its problems are not theirs. */
  foreign: boolean;
  /** Whether it has a problem. */
  problem: boolean;
}

/** A mirror with the judgement about it. */
export interface JudgedMirror extends Mirror {
  verdict: Verdict;
}

/**
 * Judges mirrors.
 *
 * @param mirrors All mirrors of the switch: some problems are with others.
 * @returns The mirrors, in the same order.
 */
export function judge(mirrors: readonly Mirror[]): JudgedMirror[] {
  const duplicates = duplicateNames(mirrors);
  const beyond = beyondLimit(mirrors);
  return mirrors.map((mirror) => {
    const problems = [
      ...problemsOf(mirror),
      ...beyond.has(mirror) ? [PROBLEM.beyondLimit] : [],
      ...duplicates.has(mirror.name) ? [PROBLEM.duplicate] : [],
    ];
    const foreign = mirror.owner !== OWNER;
    const state = problems.length > 0 ? problems : [stateOf(mirror)];
    const words = foreign ? ["foreign", ...state] : state;
    return { ...mirror, verdict: { words, foreign, problem: problems.length > 0 } };
  });
}

function problemsOf({ sources, allPorts, output, outputVlan }: Mirror): string[] {
  const problems: string[] = [];
  if (sources.length === 0 && !allPorts) problems.push(PROBLEM.noSources);
  if (!output && outputVlan === undefined) problems.push(PROBLEM.noOutput);
  if (output && !output.onBridge) problems.push(PROBLEM.outputElsewhere);
  else if (output?.down) problems.push(PROBLEM.outputDown);
  return problems;
}

function stateOf({ traffic }: Mirror): string {
  if (!traffic) return "waiting for the switch";
  return traffic.packets > 0 ? "carrying" : "idle";
}

function duplicateNames(mirrors: readonly Mirror[]): Set<string> {
  const groups = Map.groupBy(mirrors, ({ name }) => name);
  return new Set(Array.from(groups).filter(([, group]) => group.length > 1).map(([name]) => name));
}

/**
 * The mirrors that the switch has no room for. It counts packets only of those that it carries; if
 * it counted none yet, it will take them in the order of their identifiers. A mirror without
 * output takes no room.
 */
function beyondLimit(mirrors: readonly Mirror[]): Set<Mirror> {
  const bridges = Map.groupBy(
    mirrors.filter(({ output, outputVlan }) => output?.onBridge || outputVlan !== undefined),
    ({ bridge }) => bridge,
  );
  const ranked = Array.from(
    bridges.values(),
    (group) =>
      group.toSorted((a, b) => Number(!a.traffic) - Number(!b.traffic) || (a.id < b.id ? -1 : 1))
        .slice(MAX_MIRRORS),
  );
  return new Set(ranked.flat());
}
