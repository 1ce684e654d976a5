/**
 * Mirrors as text: on a terminal a line for each mirror and below it one for each port, elsewhere
 * one long line for each mirror, which other programs can search.
 *
 * @module
 */

import {
  breakLast,
  type Cell,
  fillUp,
  layOut,
  type LayoutOptions,
  type Line,
  measure,
} from "./layout.ts";
import { mirrorCells } from "./columns.ts";
import type { Report } from "../../observe/report.ts";
import type { JudgedMirror } from "../../observe/verdict.ts";
import {
  type Interest,
  limitsOf,
  type MirrorEnd,
  nameOf,
  NO_INTEREST,
  outputsOf,
  sourcesOf,
} from "../../observe/words.ts";

/** Layout of a table. */
export interface TableOptions extends LayoutOptions {
  /** True if it is for a terminal; if not, no line is broken. */
  isTerminal: boolean;
  /** True if rates are told. */
  rates?: boolean;
  /** The ports and pods that were asked for. */
  interest?: Interest;
}

/**
 * Writes mirrors as a table, those with a problem first.
 *
 * @param report The mirrors and their switch.
 * @param options How.
 */
export function formatTable(report: Report, options: TableOptions): string {
  const { isTerminal, color, columns } = options;
  const layout = { color, columns: isTerminal ? columns : Infinity };
  return layOut([{ indent: 0, cells: titleCells(report) }, ...lines(report, options)], layout);
}

function lines({ mirrors }: Report, options: TableOptions): Line[] {
  if (mirrors.length === 0) return [{ indent: 0, cells: [{ text: "There are no mirrors." }] }];
  const { isTerminal, columns, rates = false, interest = NO_INTEREST } = options;
  const sorted = mirrors.toSorted((a, b) => rank(a) - rank(b));
  return isTerminal ? blocks(sorted, rates, interest, columns) : longLines(sorted, rates, interest);
}

/** Problems of ours come first, then those of others. */
function rank({ verdict: { problem, foreign } }: JudgedMirror): number {
  return problem ? Number(foreign) : 2;
}

const SWITCH_WORDS: Readonly<Record<Report["switch"], Cell>> = {
  "running": { text: "switch running" },
  "not running": { text: "switch not running", style: "red" },
  "not answering": { text: "switch not answering", style: "red" },
  "unknown": { text: "not known whether the switch runs", style: "dim" },
};

/**
 * Tells which switch it is and whether it lives.
 *
 * @param report What is shown.
 * @returns The cells of the first line; what is wrong is first.
 */
export function titleCells({ node, switch: state }: Report): Cell[] {
  const name = node === undefined ? [] : [{ text: `node ${nameOf(node)}` }];
  const words = SWITCH_WORDS[state];
  return words.style === "red" ? [words, ...name] : [...name, words];
}

function blocks(
  mirrors: readonly JudgedMirror[],
  rates: boolean,
  interest: Interest,
  columns: number,
): Line[] {
  const [header, ...heads] = mirrorCells(mirrors, rates, columns);
  const ports = mirrors.map((mirror) => portCells(mirror, interest));
  const headPads = measure([header!, ...heads], Infinity);
  const portPads = measure(ports.flat());
  const head = (cells: readonly Cell[]) =>
    breakLast({ indent: 0, cells: fillUp(cells, headPads) }, columns);
  const rows = heads.flatMap((cells, index): Line[] => [
    ...head(cells),
    ...ports[index]!.map((cells) => ({ indent: 2, cells: fillUp(cells, portPads) })),
  ]);
  return [...head(header!), ...rows];
}

function portCells(mirror: JudgedMirror, interest: Interest): Cell[][] {
  return [
    ...[...sourcesOf(mirror, interest), ...outputsOf(mirror)].map((end) => [
      { text: end.role },
      { text: end.name },
      ...[...end.podName ? [end.podName] : [], ...end.pod, ...end.notes].map((text) => ({ text })),
    ]),
    ...limitsOf(mirror).map((limit) => [{ text: "only" }, { text: limit }]),
  ];
}

function longLines(mirrors: readonly JudgedMirror[], rates: boolean, interest: Interest): Line[] {
  const [header, ...heads] = mirrorCells(mirrors, rates);
  const rows = mirrors.map((mirror, index): Cell[] => [
    ...heads[index]!,
    { text: ends(sourcesOf(mirror, interest)) },
    {
      text: [ends(outputsOf(mirror)), ...limitsOf(mirror).map((limit) => `only ${limit}`)].join(
        "; ",
      ),
    },
  ]);
  const others = ["SOURCES", "OUTPUTS"].map((text): Cell => ({ text, style: "dim" }));
  const all = [[...header!, ...others], ...rows];
  const pads = [...measure([header!, ...heads], Infinity), ...measure(all).slice(header!.length)];
  return all.map((cells) => ({ indent: 0, cells: fillUp(cells, pads) }));
}

function ends(list: readonly MirrorEnd[]): string {
  return list.map(describe).join(", ") || "none";
}

/** A pod is better known than its port. */
function describe({ role, name, podName, pod, notes, isPort }: MirrorEnd): string {
  const roles = !isPort || role === "output" ? [] : [role];
  const details = [...podName ? [name] : [], ...pod, ...roles, ...notes].join(", ");
  return `${podName ?? name}${details ? ` (${details})` : ""}`;
}
