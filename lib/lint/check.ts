/**
 * From documents to findings.
 *
 * @module
 */

import type { Document } from "./document.ts";
import type { Finding, Place } from "./finding.ts";
import type { Policy } from "../policy/policy.ts";
import { joinParts, type Parts, type Project, readParts, withoutDetails } from "./project.ts";
import { RULES } from "./rules/all.ts";
import { guessing } from "./rules/rule.ts";

/** The result of a check. */
export interface LintReport {
  /** The findings, in the order of files and lines. */
  findings: Finding[];
  /** The number of files, networks and workloads. */
  files: number;
  networks: number;
  workloads: number;
  /** The number of files and directories that could not be read. */
  unread: number;
}

/** The part of a document that is kept after it was checked by itself. */
type Summary = Omit<Document, "tree"> & { parts: Parts };

/** Checks documents, each by itself and all together. */
export class Checker {
  /** The number of files and directories that could not be read. */
  unread = 0;
  readonly #documents: Summary[] = [];
  readonly #policy?: Policy;
  readonly #guesses = new Map(RULES.map((rule) => [rule, guessing()]));

  /** @param policy What has to allow the networks, if anything. */
  constructor(policy?: Policy) {
    this.#policy = policy;
  }

  /** Checks a document by itself. */
  add({ tree, ...document }: Document): void {
    const parts = readParts({ ...document, tree });
    const read = [...parts.networks, ...parts.workloads].flatMap(({ findings }) => findings)
      .filter(({ rule }) => rule !== "json" || !document.isTemplate);
    const ruled = this.#apply("checkDocument", joinParts([parts]));
    const findings = [...document.findings, ...read, ...ruled];
    this.#documents.push({ ...document, findings, parts: withoutDetails(parts) });
  }

  /** Checks all documents together, and says what was found. */
  report(): LintReport {
    const documents = this.#documents;
    const project = joinParts(documents.map(({ parts }) => parts));
    const found = [
      ...documents.flatMap(({ findings }) => findings),
      ...this.#apply("checkAll", project),
    ];
    const order = new Map(documents.map(({ file }, index) => [file, index]));
    const compare = (a: Place, b: Place) =>
      order.get(a.file)! - order.get(b.file)! || a.line - b.line;
    const { networks: { length: networks }, workloads: { length: workloads } } = project;
    const findings = withoutIgnored(documents, found.sort(compare), compare);
    return { findings, files: order.size, networks, workloads, unread: this.unread };
  }

  #apply(check: "checkDocument" | "checkAll", project: Project): Finding[] {
    return RULES.flatMap((rule) =>
      Array.from(
        rule[check]?.({ ...project, policy: this.#policy }, this.#guesses.get(rule)!) ?? [],
        (problem) => ({ ...problem, rule: rule.name }),
      )
    );
  }
}

/**
 * Checks documents.
 *
 * @param documents The documents of all files, those of a file one after the other.
 * @param policy What has to allow the networks, if anything.
 */
export function check(documents: Iterable<Document>, policy?: Policy): LintReport {
  const checker = new Checker(policy);
  for (const document of documents) checker.add(document);
  return checker.report();
}

/** Leaves out what a comment in the same document switches off. Both are in the same order. */
function withoutIgnored(
  documents: readonly Summary[],
  findings: readonly Finding[],
  compare: (a: Place, b: Place) => number,
): Finding[] {
  let at = 0;
  return findings.filter((finding) => {
    while (at + 1 < documents.length && compare(documents[at + 1]!, finding) <= 0) at++;
    return !documents[at]!.ignored.includes(finding.rule);
  });
}
