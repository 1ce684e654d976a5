/**
 * Writes what was found, for people and for programs.
 *
 * @module
 */

import { printable, printableLines } from "../text.ts";
import type { Report } from "./check.ts";
import type { Finding, Level } from "./finding.ts";

/**
 * Writes a report as compilers do, one finding after the other.
 *
 * @param report The report.
 * @param color Whether to use colour.
 * @returns Lines of text.
 */
export function formatText(
  { findings, files, networks, workloads }: Report,
  color: boolean,
): string {
  const errors = countOf(findings, "error");
  const warnings = countOf(findings, "warning");
  const seen = `${count(networks, "network")} and ${count(workloads, "workload")}`;
  const found = `${count(errors, "error")}, ${count(warnings, "warning")}`;
  const summary = `${seen} in ${count(files, "file")}: ${found}\n`;
  return findings.map((finding) => formatFinding(finding, color)).join("") + summary;
}

function formatFinding(
  { file, line, level, rule, message, hint }: Finding,
  color: boolean,
): string {
  const place = paint(`${printable(file)}:${line}:`, BOLD, color);
  const badge = paint(`${level}:`, level === "error" ? RED : YELLOW, color);
  return `${place} ${badge} ${printable(message)} [${rule}]\n  hint: ${printable(hint)}\n`;
}

const BOLD = 1;
const RED = 31;
const YELLOW = 33;

function paint(text: string, code: number, color: boolean): string {
  return color ? `\x1b[${code}m${text}\x1b[0m` : text;
}

/**
 * Writes a report as JSON.
 *
 * @param report The report.
 * @returns An object with the findings and their number by level.
 */
export function formatJson({ findings, ...counts }: Report): string {
  const errors = countOf(findings, "error");
  const warnings = countOf(findings, "warning");
  const text = JSON.stringify({ ...counts, errors, warnings, findings }, undefined, 2);
  // JSON escapes what would break it, but not all that could harm a terminal.
  return printableLines(text) + "\n";
}

/**
 * Counts the findings of a level.
 *
 * @param findings The findings.
 * @param level The level.
 */
export function countOf(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
