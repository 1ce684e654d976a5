/**
 * Mirrors as text: on a terminal a line for each mirror and below it one for each port, elsewhere
 * one long line for each mirror, which other programs can search.
 *
 * @module
 */

import { type Cell, fillUp, layOut, type Line, measure, type Paper } from "./layout.ts";
import { headerCells, mirrorCells } from "./columns.ts";
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

/** How a table is printed. */
export interface TableOptions extends Paper {
  /** Whether it is for a terminal; if not, no line is broken. */
  isTerminal: boolean;
  /** Whether rates are told. */
  rates?: boolean;
  /** What was asked for. */
  interest?: Interest;
}

/**
 * Writes mirrors as a table, those with a problem first.
 *
 * @param report The mirrors and their switch.
 * @param options How.
 * @returns The table.
 */
export function formatTable(report: Report, options: TableOptions): string {
  const { isTerminal, color, columns } = options;
  const paper = { color, columns: isTerminal ? columns : Infinity };
  return layOut([{ indent: 0, cells: titleCells(report) }, ...lines(report, options)], paper);
}

function lines({ mirrors }: Report, options: TableOptions): Line[] {
  if (mirrors.length === 0) return [{ indent: 0, cells: [{ text: "There are no mirrors." }] }];
  const { isTerminal, rates = false, interest = NO_INTEREST } = options;
  const sorted = mirrors.toSorted((a, b) => rank(a) - rank(b));
  return isTerminal ? blocks(sorted, rates, interest) : longLines(sorted, rates, interest);
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

function blocks(mirrors: readonly JudgedMirror[], rates: boolean, interest: Interest): Line[] {
  const header = headerCells(rates);
  const parts = mirrors.map((mirror) => ({
    head: mirrorCells(mirror, rates),
    ports: portCells(mirror, interest),
  }));
  const headPads = measure([header, ...parts.map(({ head }) => head)]);
  const portPads = measure(parts.flatMap(({ ports }) => ports));
  const rows = parts.flatMap(({ head, ports }): Line[] => [
    { indent: 0, cells: fillUp(head, headPads) },
    ...ports.map((cells) => ({ indent: 2, cells: fillUp(cells, portPads) })),
  ]);
  return [{ indent: 0, cells: fillUp(header, headPads) }, ...rows];
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
  const rows = mirrors.map((mirror): Cell[] => [
    ...mirrorCells(mirror, rates),
    { text: ends(sourcesOf(mirror, interest)) },
    {
      text: [ends(outputsOf(mirror)), ...limitsOf(mirror).map((limit) => `only ${limit}`)].join(
        "; ",
      ),
    },
  ]);
  const all = [headerCells(rates, "SOURCES", "OUTPUTS"), ...rows];
  const pads = measure(all);
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
