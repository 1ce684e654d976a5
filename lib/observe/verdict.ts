/**
 * Judges mirrors: do they work, and if not, why?
 *
 * @module
 */

import { MAX_MIRRORS } from "../mirror/config/config.ts";
import { OWNER } from "../mirror/snapshot/snapshot.ts";
import { losesUncounted, type Mirror, type MirrorRow } from "./model.ts";
import { neededMtu } from "./tunnel.ts";
import type { SwitchState } from "./switch.ts";

/** Problems that keep a mirror from working, or make it doubtful which one is meant. */
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

/** A judgement about a mirror or one of its outputs. */
export interface Verdict {
  /** Phrases that tell how it is. */
  words: readonly string[];
  /** The kinds of its problems. */
  problems: readonly ProblemKind[];
}

/** A judgement about a mirror. */
export interface MirrorVerdict extends Verdict {
  /** True if the plugins did not make it, so that its problems are not theirs. */
  foreign: boolean;
  /** True if it has a problem. */
  problem: boolean;
}

/** A row with the judgement about its output. */
export interface JudgedRow extends MirrorRow {
  /** Absent if it has no output. */
  verdict?: Verdict;
}

/** A mirror with the judgement about it. */
export interface JudgedMirror extends Mirror {
  verdict: MirrorVerdict;
  rows: readonly JudgedRow[];
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
    const rows = mirror.rows.map((row) => judgeRow(row, mirror, beyond.has(row)));
    const ofRows = new Set(rows.flatMap(({ verdict }) => verdict?.problems ?? []));
    const problems: ProblemKind[] = [
      ...SWITCH_PROBLEMS[state],
      ...problemsOf(mirror, ofRows),
      ...duplicates.has(mirror.name) ? ["duplicate" as const] : [],
    ];
    const foreign = !mirror.rows.some(({ owner }) => owner === OWNER);
    const phrases = problems.length > 0 ? problems.map((kind) => PROBLEM[kind]) : [stateOf(rows)];
    const words = [
      ...foreign ? ["foreign"] : [],
      ...phrases,
      ...outputsWithNothing(rows),
      ...warningsOf(mirror),
    ];
    return { ...mirror, rows, verdict: { words, foreign, problem: problems.length > 0, problems } };
  });
}

function judgeRow(row: MirrorRow, { sources }: Mirror, isBeyond: boolean): JudgedRow {
  const { output } = row;
  if (!output) return row;
  const isHere = output.kind !== "port" || output.onBridge;
  const problems: ProblemKind[] = [
    ...!row.allPorts && row.selected === 0 ? ["noSources" as const] : [],
    ...!isHere ? ["outputElsewhere" as const] : [],
    ...output.kind === "port" && isHere && output.state ? ["outputDown" as const] : [],
    ...drops(row, isTooSmall(row, sources)) ? ["outputDrops" as const] : [],
    ...isBeyond ? ["beyondLimit" as const] : [],
  ];
  const words = problems.length > 0 ? problems.map((kind) => PROBLEM[kind]) : [stateOf([row])];
  return { ...row, verdict: { words, problems } };
}

/** With these, an output gets nothing at all. */
const SILENCING: readonly ProblemKind[] = [
  "noSources",
  "outputElsewhere",
  "outputDown",
  "beyondLimit",
];

/** Of several outputs, those that get nothing while others do. */
function outputsWithNothing(rows: readonly JudgedRow[]): string[] {
  const outputs = rows.filter(({ output }) => output);
  const isCut = ({ verdict }: JudgedRow) =>
    verdict!.problems.some((kind) => SILENCING.includes(kind));
  const hasRates = outputs.some(({ rate }) => rate && rate.packets > 0);
  const isIdle = ({ traffic, rate }: JudgedRow) => (hasRates ? rate : traffic)?.packets === 0;
  const count = outputs.filter((row) => isCut(row) || isIdle(row)).length;
  if (count === 0 || count === outputs.length) return [];
  return [`${count} of ${outputs.length} outputs ${count === 1 ? "gets" : "get"} nothing`];
}

const SWITCH_PROBLEMS: Readonly<Record<SwitchState, readonly ProblemKind[]>> = {
  "running": [],
  "unknown": [],
  "not running": ["switchDown"],
  "not answering": ["switchSilent"],
};

function problemsOf(
  { sources, sameSources, rows }: Mirror,
  ofOutputs: ReadonlySet<ProblemKind>,
): ProblemKind[] {
  const allPorts = rows.some((row) => row.allPorts);
  const hasSources = allPorts || sources.length > 0;
  const areDown = !allPorts && sources.length > 0 && sources.every(({ state }) => state);
  const found: Partial<Record<ProblemKind, boolean>> = {
    noSources: !hasSources,
    sourcesDown: areDown,
    noOutput: !rows.some(({ output }) => output),
    differing: !sameSources,
  };
  const kinds = Object.keys(PROBLEM) as ProblemKind[];
  return kinds.filter((kind) => found[kind] || ofOutputs.has(kind));
}

/**
 * Of what is dropped now, all is too much; of what was dropped since the start, more than a bit.
 * Uncounted losses are known of the whole time alone: they go on if their reason does.
 */
function drops(row: MirrorRow, isTooSmall: boolean): boolean {
  const { output, traffic, rate } = row;
  if (output?.kind !== "port") return false;
  if (rate) return rate.dropped > 0 || (losesUncounted(row) && isTooSmall);
  const dropped = output.lost ?? output.dropped ?? 0;
  return dropped > 0 && dropped > MAX_DROPPED * (traffic?.packets ?? 0);
}

/** A packet that is cut short enough fits, however long it was. */
function isTooSmall({ output, snaplen }: MirrorRow, sources: Mirror["sources"]): boolean {
  if (output?.kind !== "port" || output.mtu === undefined) return false;
  return output.mtu < largestOf(sources) && !(snaplen && snaplen <= output.mtu);
}

function largestOf(sources: Mirror["sources"]): number {
  return sources.reduce((most, { mtu = 0 }) => Math.max(most, mtu), 0);
}

function warningsOf({ sources, rows }: Mirror): string[] {
  const down = sources.filter(({ state }) => state).length;
  const largest = largestOf(sources);
  const small = rows.filter((row) => isTooSmall(row, sources))
    .flatMap(({ output }) => output?.kind === "port" ? output.mtu ?? [] : []);
  const needed = rows.flatMap(({ output, snaplen }) =>
    output?.kind === "port" && output.tunnel && neededMtu(output.tunnel, largest, snaplen) || []
  );
  return [
    ...down > 0 && down < sources.length ? [`${down} of ${sources.length} sources down`] : [],
    ...small.length > 0 ? [`output MTU ${Math.min(...small)} below the sources' ${largest}`] : [],
    ...needed.length > 0 ? [`the tunnel needs an MTU of ${Math.max(...needed)}, or snaplen`] : [],
  ];
}

/** The state by totals: those may be old; only rates tell what is carried now. */
function stateOf(rows: readonly MirrorRow[]): string {
  const outputs = rows.filter(({ output }) => output);
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
      .filter(({ output }) => output && (output.kind !== "port" || output.onBridge))
      .toSorted((a, b) => Number(!a.traffic) - Number(!b.traffic) || (a.id < b.id ? -1 : 1))
      .slice(MAX_MIRRORS));
  return new Set(ranked.flat());
}
