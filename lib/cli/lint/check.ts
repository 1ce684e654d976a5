/**
 * From documents to findings.
 *
 * @module
 */

import type { Document } from "./document.ts";
import type { Finding, Place } from "./finding.ts";
import { readProject } from "./project.ts";
import { RULES } from "./rules/all.ts";

/** What was looked at, and what was found. */
export interface Report {
  /** What was found, in the order of files and lines. */
  findings: Finding[];
  /** How many files, networks and workloads there were. */
  files: number;
  networks: number;
  workloads: number;
}

/**
 * Checks documents, all of them together.
 *
 * @param documents The documents of all files, those of a file one after the other.
 * @returns The report.
 */
export function check(documents: readonly Document[]): Report {
  const project = readProject(documents);
  const { networks, workloads } = project;
  const found = [
    ...[...documents, ...networks, ...workloads].flatMap(({ findings }) => findings),
    ...RULES.flatMap(({ name: rule, check }) =>
      Array.from(check(project), (problem) => ({ ...problem, rule }))
    ),
  ];
  const order = new Map(
    [...new Set(documents.map(({ file }) => file))].map((file, i) => [file, i]),
  );
  const byPlace = (a: Place, b: Place) =>
    order.get(a.file)! - order.get(b.file)! || a.line - b.line;
  const findings = withoutIgnored(documents, found).sort(byPlace);
  return { findings, files: order.size, networks: networks.length, workloads: workloads.length };
}

/** Leaves out what a comment in the same document switches off. */
function withoutIgnored(documents: readonly Document[], findings: Finding[]): Finding[] {
  const byFile = Map.groupBy(documents, ({ file }) => file);
  return findings.filter(({ file, line, rule }) => {
    const holder = byFile.get(file)?.findLast((document) => document.line <= line);
    return !holder?.ignored.includes(rule);
  });
}
