/**
 * Writes what was found, for people and for programs.
 *
 * @module
 */

import { printable, printableLines } from "../text/text.ts";
import type { LintReport } from "./check.ts";
import type { Finding, Level } from "./finding.ts";

/** Writes a report as compilers do, one finding after the other. */
export function formatText(report: LintReport, color: boolean): string {
  return report.findings.map((finding) => formatFinding(finding, color)).join("") +
    summaryOf(report);
}

function summaryOf({ findings, files, networks, workloads, unread }: LintReport): string {
  const errors = countOf(findings, "error");
  const warnings = countOf(findings, "warning");
  const seen = `${count(networks, "network")} and ${count(workloads, "workload")}`;
  const found = `${count(errors, "error")}, ${count(warnings, "warning")}`;
  const others = unread > 0 ? `, ${count(unread, "path")} not read` : "";
  return `${seen} in ${count(files, "file")}: ${found}${others}\n`;
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

/** Writes a report as JSON. */
export function formatJson({ findings, ...counts }: LintReport): string {
  const errors = countOf(findings, "error");
  const warnings = countOf(findings, "warning");
  const text = JSON.stringify({ ...counts, errors, warnings, findings }, undefined, 2);
  // JSON escapes what would break it, but not all that could harm a terminal.
  return printableLines(text) + "\n";
}

/**
 * Writes a report as commands that GitHub's workflows take: what is found shows up at its line.
 *
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function formatGithub(report: LintReport): string {
  const commands = report.findings.map(({ file, line, level, rule, message, hint }) => {
    const place = Object.entries({ file, line, title: `${rule} (ovs-mirror lint)` });
    const properties = place.map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
    return `::${level} ${properties.join(",")}::${escapeData(`${message}\n${hint}`)}\n`;
  });
  return commands.join("") + summaryOf(report);
}

function escapeData(text: string): string {
  return printableLines(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Counts the findings of a level. */
export function countOf(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
