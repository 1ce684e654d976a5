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
  const order = new Map(documents.map(({ file }, index) => [file, index]));
  const compare = (a: Place, b: Place) =>
    order.get(a.file)! - order.get(b.file)! || a.line - b.line;
  const findings = withoutIgnored(documents, found.sort(compare), compare);
  return { findings, files: order.size, networks: networks.length, workloads: workloads.length };
}

/** Leaves out what a comment in the same document switches off. Both are in the same order. */
function withoutIgnored(
  documents: readonly Document[],
  findings: readonly Finding[],
  compare: (a: Place, b: Place) => number,
): Finding[] {
  let at = 0;
  return findings.filter((finding) => {
    while (at + 1 < documents.length && compare(documents[at + 1]!, finding) <= 0) at++;
    return !documents[at]!.ignored.includes(finding.rule);
  });
}
