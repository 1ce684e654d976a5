/**
 * Whether mirrors work, and if not, why.
 *
 * @module
 */

import { MAX_MIRRORS } from "../mirror/config/config.ts";
import { OWNER } from "../mirror/snapshot/snapshot.ts";
import type { Mirror, MirrorRow } from "./model.ts";
import { neededMtu } from "./tunnel.ts";
import type { SwitchState } from "./switch.ts";

/** What keeps a mirror from working, or makes it doubtful which one is meant. */
export const PROBLEM = {
  switchDown: "switch not running",
  switchSilent: "switch not answering",
  noSources: "no sources",
  sourcesDown: "all sources down",
  noOutput: "no output",
  outputDown: "output port down",
  outputElsewhere: "output port on another bridge",
  outputDrops: "output drops packets",
  beyondLimit: `beyond the switch's ${MAX_MIRRORS}`,
  duplicate: "duplicate name",
  differing: "rows with different sources",
} as const;

/** A kind of problem. */
export type ProblemKind = keyof typeof PROBLEM;

/** Part of the packets for an output, from which on it is a problem that they were dropped. */
const MAX_DROPPED = 0.01;

/** A judgement about a mirror. */
export interface Verdict {
  /** Phrases that tell how it is. */
  words: readonly string[];
  /** Whether the plugins did not make it, so that its problems are not theirs. */
  foreign: boolean;
  /** Whether it has a problem. */
  problem: boolean;
  /** The kinds of its problems. */
  problems: readonly ProblemKind[];
}

/** A mirror with the judgement about it. */
export interface JudgedMirror extends Mirror {
  verdict: Verdict;
}

/**
 * Judges mirrors.
 *
 * @param mirrors All mirrors of the switch: some problems are with others.
 * @param state Whether the switch lives.
 * @returns The mirrors, in the same order.
 */
export function judge(mirrors: readonly Mirror[], state: SwitchState = "unknown"): JudgedMirror[] {
  const duplicates = duplicateNames(mirrors);
  const beyond = beyondLimit(mirrors);
  return mirrors.map((mirror) => {
    const problems: ProblemKind[] = [
      ...SWITCH_PROBLEMS[state],
      ...problemsOf(mirror),
      ...mirror.rows.some((row) => beyond.has(row)) ? ["beyondLimit" as const] : [],
      ...duplicates.has(mirror.name) ? ["duplicate" as const] : [],
    ];
    const foreign = !mirror.rows.some(({ owner }) => owner === OWNER);
    const phrases = problems.length > 0 ? problems.map((kind) => PROBLEM[kind]) : [stateOf(mirror)];
    const words = [...foreign ? ["foreign"] : [], ...phrases, ...warningsOf(mirror)];
    return { ...mirror, verdict: { words, foreign, problem: problems.length > 0, problems } };
  });
}

const SWITCH_PROBLEMS: Readonly<Record<SwitchState, readonly ProblemKind[]>> = {
  "running": [],
  "unknown": [],
  "not running": ["switchDown"],
  "not answering": ["switchSilent"],
};

function problemsOf({ sources, sameSources, rows }: Mirror): ProblemKind[] {
  const problems: ProblemKind[] = [];
  const allPorts = rows.some((row) => row.allPorts);
  const outputs = rows.flatMap(({ output }) => output ?? []);
  if (!allPorts && sources.length === 0) problems.push("noSources");
  if (!allPorts && sources.length > 0 && sources.every(({ state }) => state)) {
    problems.push("sourcesDown");
  }
  if (rows.every((row) => !hasOutput(row))) problems.push("noOutput");
  if (outputs.some(({ onBridge }) => !onBridge)) problems.push("outputElsewhere");
  if (outputs.some(({ onBridge, state }) => onBridge && state)) problems.push("outputDown");
  if (rows.some(drops)) problems.push("outputDrops");
  if (!sameSources) problems.push("differing");
  return problems;
}

function hasOutput({ output, outputVlan }: MirrorRow): boolean {
  return output !== undefined || outputVlan !== undefined;
}

/** Of what is dropped now, all is too much; of what was dropped since the start, more than a bit. */
function drops({ output, traffic, rate }: MirrorRow): boolean {
  if (rate) return rate.dropped > 0;
  const dropped = output?.dropped ?? 0;
  return dropped > 0 && dropped > MAX_DROPPED * (traffic?.packets ?? 0);
}

function warningsOf({ sources, rows }: Mirror): string[] {
  const down = sources.filter(({ state }) => state).length;
  const largest = sources.reduce((most, { mtu = 0 }) => Math.max(most, mtu), 0);
  const small = rows.flatMap(({ output, snaplen }) => {
    const { mtu } = output ?? {};
    // What is cut to fewer bytes fits, however long it was.
    return mtu !== undefined && mtu < largest && !(snaplen && snaplen <= mtu) ? [mtu] : [];
  });
  const needed = rows.flatMap(({ output, snaplen }) =>
    output?.tunnel && neededMtu(output.tunnel, largest, snaplen) || []
  );
  return [
    ...down > 0 && down < sources.length ? [`${down} of ${sources.length} sources down`] : [],
    ...small.length > 0 ? [`output MTU ${Math.min(...small)} below the sources' ${largest}`] : [],
    ...needed.length > 0 ? [`the tunnel needs an MTU of ${Math.max(...needed)}, or snaplen`] : [],
  ];
}

/** What has been carried may be long ago; what is carried now, only rates tell. */
function stateOf({ rows }: Mirror): string {
  const outputs = rows.filter(hasOutput);
  if (outputs.some(({ traffic }) => !traffic)) return "waiting for the switch";
  if (outputs.some(({ rate }) => rate && rate.packets > 0)) return "carrying";
  if (outputs.every(({ traffic }) => traffic!.packets === 0)) return "idle";
  return outputs.every(({ rate }) => rate) ? "silent" : "has carried";
}

function duplicateNames(mirrors: readonly Mirror[]): Set<string> {
  const groups = Map.groupBy(mirrors, ({ name }) => name);
  return new Set(Array.from(groups).filter(([, group]) => group.length > 1).map(([name]) => name));
}

/**
 * The rows that the switch has no room for. It counts packets only of those that it carries; if
 * it counted none yet, it will take them in the order of their identifiers. A row without output
 * takes no room.
 */
function beyondLimit(mirrors: readonly Mirror[]): Set<MirrorRow> {
  const bridges = Map.groupBy(mirrors, ({ bridge }) => bridge);
  const ranked = Array.from(bridges.values(), (group) =>
    group.flatMap(({ rows }) => rows)
      .filter(({ output, outputVlan }) => output?.onBridge || outputVlan !== undefined)
      .toSorted((a, b) => Number(!a.traffic) - Number(!b.traffic) || (a.id < b.id ? -1 : 1))
      .slice(MAX_MIRRORS));
  return new Set(ranked.flat());
}
