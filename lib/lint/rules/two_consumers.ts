/**
 * A mirror has one output on a node. Which pods share a node is not known, but some can be told.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { titleOf } from "../kubernetes.ts";
import type { Network } from "../network.ts";
import { isFed, type MirrorUse, type Request } from "../project.ts";
import type { NetworkSelection } from "../annotation.ts";
import type { Workload } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Pods that want to be the output of a mirror. */
interface Candidate {
  workload: Workload;
  /** True if it shares the mirror. */
  shared: boolean;
  /** Places where they ask for networks that consume it; at least one. */
  selections: NetworkSelection[];
}

/** No two ports want to be the output of a mirror. */
export const twoConsumers: Rule = {
  name: "two-consumers",
  *checkAll(project) {
    const consumed = Map.groupBy(project.uses.filter((use) => !isFed(use)), (use) => use.mirror);
    const requests = Map.groupBy(project.requests, ({ network }) => network);
    for (const [mirror, uses] of consumed) {
      const networks = new Set(uses.map(({ network }) => network));
      const exclusive = new Set(uses.filter((use) => !use.shared).map(({ network }) => network));
      if (exclusive.size === 0) continue;
      const candidates = candidatesOf(
        [...networks].flatMap((one) => requests.get(one) ?? []),
        (network) => !exclusive.has(network),
      );
      if (candidates.length === 0) yield* rivalNetworks(mirror, uses);
      yield* candidates.filter(({ shared }) => !shared)
        .flatMap((candidate) => rivalPods(mirror, candidate));
      yield* rivalWorkloads(mirror, candidates);
    }
  },
};

function candidatesOf(
  requests: readonly Request[],
  isShared: (network: Network) => boolean,
): Candidate[] {
  return Array.from(Map.groupBy(requests, ({ workload }) => workload), ([workload, own]) => ({
    workload,
    shared: own.every(({ network }) => isShared(network)),
    selections: [...new Set(own.map(({ selection }) => selection))],
  }));
}

/** Pods of one workload, or ports of one pod. */
function rivalPods(mirror: string, { workload, selections }: Candidate): Problem[] {
  const [first, second] = selections;
  if (second) {
    const message = `a pod of ${titleOf(workload)} consumes mirror ${quote(mirror)} twice`;
    return [error(second, message, ONE_OUTPUT)];
  }
  if (workload.pods > 1) {
    const message = `${workload.pods} pods of ${titleOf(workload)} consume mirror ${quote(mirror)}`;
    return [warning(first!, message, ONE_PER_NODE)];
  }
  if (!workload.overlaps) return [];
  const message = `an update of ${titleOf(workload)} makes a second pod that consumes mirror ` +
    `${quote(mirror)}, before the first is gone`;
  return [warning(first!, message, RECREATE)];
}

const ONE_OUTPUT = "a mirror has one output: remove one of the networks";
const ONE_PER_NODE =
  'a mirror has one output on a node: use one replica or a DaemonSet, or set "shared" to true';

const RECREATE =
  'a mirror has one output on a node: set strategy.type to Recreate, or "shared" to true';

/** Workloads of one namespace; those of others are often meant for other clusters. */
function* rivalWorkloads(mirror: string, candidates: readonly Candidate[]): Iterable<Problem> {
  const together = Map.groupBy(candidates, ({ workload }) => workload.namespace ?? "");
  for (const own of together.values()) {
    const [first, second] = rivalsAmong(own);
    if (!second) continue;
    const titles = `${titleOf(first!.workload)} and ${titleOf(second.workload)}`;
    const message = `${titles} both consume mirror ${quote(mirror)}`;
    yield warning(second.selections[0]!, message, APART);
  }
}

const APART = 'a mirror has one output on a node: set "shared" of both to true, or use two mirrors';

/** Networks that no pod here asks for. */
function* rivalNetworks(mirror: string, uses: readonly MirrorUse[]): Iterable<Problem> {
  const together = Map.groupBy(uses, ({ network }) => network.definition?.namespace ?? "");
  for (const own of together.values()) {
    const byNetwork = Map.groupBy(own, ({ network }) => network).values();
    const [first, second] = rivalsAmong(Array.from(byNetwork, ([use]) => use!));
    if (!second) continue;
    const message = `two networks consume mirror ${quote(mirror)}, the first in ` +
      `${first!.file}:${first!.line}`;
    yield warning(second, message, APART);
  }
}

/** The first two that can't both have the mirror; those that share can. */
function rivalsAmong<T extends { shared: boolean }>(all: readonly T[]): T[] {
  const exclusive = all.find(({ shared }) => !shared);
  const other = all.find((one) => one !== exclusive);
  return exclusive && other ? all.filter((one) => one === exclusive || one === other) : [];
}
