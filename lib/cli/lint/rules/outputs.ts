/**
 * A mirror has one output on a node. Which pods share a node is not known, but some can be told.
 *
 * @module
 */

import { quote } from "../../text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { titleOf } from "../kubernetes.ts";
import type { Network } from "../network.ts";
import { definitionsFor, isFed, type MirrorUse, type Project } from "../project.ts";
import type { Attachment } from "../selection.ts";
import type { Workload } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Pods that want to be the output of a mirror. */
interface Candidate {
  workload: Workload;
  /** Where they ask for networks that consume it; at least one. */
  attachments: Attachment[];
}

/** No two ports want to be the output of a mirror. */
export const outputs: Rule = {
  name: "two-consumers",
  *check(project) {
    const consumed = Map.groupBy(project.uses.filter((use) => !isFed(use)), (use) => use.mirror);
    const candidates = candidatesByNetwork(project);
    for (const [mirror, uses] of consumed) {
      const networks = new Set(uses.map(({ network }) => network));
      const workloads = merge([...networks].flatMap((network) => candidates.get(network) ?? []));
      if (workloads.length === 0) yield* rivalNetworks(mirror, uses);
      yield* workloads.flatMap((candidate) => rivalPods(mirror, candidate));
      yield* rivalWorkloads(mirror, workloads);
    }
  },
};

function candidatesByNetwork(project: Project): Map<Network, Candidate[]> {
  const found = new Map<Network, Candidate[]>();
  for (const workload of project.workloads) {
    for (const attachment of workload.attachments) {
      for (const network of definitionsFor(project, workload, attachment)) {
        const known = found.get(network) ?? [];
        found.set(network, [...known, { workload, attachments: [attachment] }]);
      }
    }
  }
  return found;
}

function merge(candidates: readonly Candidate[]): Candidate[] {
  const byWorkload = Map.groupBy(candidates, ({ workload }) => workload);
  return Array.from(byWorkload, ([workload, own]) => ({
    workload,
    attachments: [...new Set(own.flatMap(({ attachments }) => attachments))],
  }));
}

/** Pods of one workload, or ports of one pod. */
function rivalPods(mirror: string, { workload, attachments }: Candidate): Problem[] {
  const [first, second] = attachments;
  if (second) {
    const message = `a pod of ${titleOf(workload)} consumes mirror ${quote(mirror)} twice`;
    return [error(second, message, ONE_OUTPUT)];
  }
  if (workload.pods <= 1) return [];
  const message = `${workload.pods} pods of ${titleOf(workload)} consume mirror ${quote(mirror)}`;
  return [warning(first!, message, ONE_PER_NODE)];
}

const ONE_OUTPUT = "a mirror has one output: remove one of the networks";
const ONE_PER_NODE =
  "a mirror has one output on a node: use one replica or a DaemonSet, or keep them apart";

/** Workloads of one namespace; those of others are often meant for other clusters. */
function* rivalWorkloads(mirror: string, candidates: readonly Candidate[]): Iterable<Problem> {
  const together = Map.groupBy(candidates, ({ workload }) => workload.namespace ?? "");
  for (const [first, second] of together.values()) {
    if (!second) continue;
    const titles = `${titleOf(first!.workload)} and ${titleOf(second.workload)}`;
    const message = `${titles} both consume mirror ${quote(mirror)}`;
    yield warning(second.attachments[0]!, message, APART);
  }
}

const APART = "a mirror has one output on a node: keep them on different nodes, or use two mirrors";

/** Networks that no pod here asks for. */
function* rivalNetworks(mirror: string, uses: readonly MirrorUse[]): Iterable<Problem> {
  const together = Map.groupBy(uses, ({ network }) => network.definition?.namespace ?? "");
  for (const own of together.values()) {
    const other = own.find(({ network }) => network !== own[0]!.network);
    if (!other) continue;
    const message = `two networks consume mirror ${quote(mirror)}, the first in ` +
      `${own[0]!.file}:${own[0]!.line}`;
    yield warning(other, message, APART);
  }
}
