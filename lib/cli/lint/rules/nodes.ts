/**
 * A mirror is on one node: its producers and its consumer have to run there.
 *
 * @module
 */

import { quote } from "../../text.ts";
import { type Problem, warning } from "../finding.ts";
import { titleOf } from "../kubernetes.ts";
import { isFed, type Request, requestsOf } from "../project.ts";
import { member, textOf } from "../tree.ts";
import { podSpec, type Workload } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Something puts pods that feed a mirror, and the pod that consumes it, on one node. */
export const nodes: Rule = {
  name: "node",
  *check(project) {
    const requests = Map.groupBy(requestsOf(project), ({ network }) => network);
    for (const uses of Map.groupBy(project.uses, ({ mirror }) => mirror).values()) {
      const [fed, consumed] = [isFed, (use: typeof uses[0]) => !isFed(use)].map((side) =>
        uses.filter(side).flatMap(({ network }) => requests.get(network) ?? [])
      );
      yield* apart(uses[0]!.mirror, fed!, consumed!);
    }
  },
};

/** Tells of each workload that consumes the mirror once. */
function* apart(mirror: string, fed: Request[], consumed: Request[]): Iterable<Problem> {
  for (const [consumer, [request]] of Map.groupBy(consumed, ({ workload }) => workload)) {
    const stray = fed.find(({ workload }) =>
      isNear(workload, consumer) && !meet(workload, consumer)
    )
      ?.workload;
    if (!stray) continue;
    const message = `nothing puts ${titleOf(consumer)} on the node of ${titleOf(stray)}, ` +
      `which feeds mirror ${quote(mirror)}`;
    yield warning(request!.attachment, message, TOGETHER);
  }
}

const TOGETHER =
  "a mirror is on one node: use a DaemonSet or podAffinity by kubernetes.io/hostname";

/** Workloads of other namespaces are often meant for other clusters. */
function isNear(producer: Workload, consumer: Workload): boolean {
  return producer.namespace === consumer.namespace;
}

function meet(producer: Workload, consumer: Workload): boolean {
  if (producer === consumer) return true;
  if ([producer, consumer].some((one) => one.kind === "DaemonSet" || followsPods(one))) return true;
  return [producer, consumer].every(choosesNode);
}

function followsPods(workload: Workload): boolean {
  const terms = member(podSpec(workload), "affinity", "podAffinity", REQUIRED)?.value;
  return terms?.kind === "list" &&
    terms.items.some((term) => textOf(term, "topologyKey") === "kubernetes.io/hostname");
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

function choosesNode(workload: Workload): boolean {
  const spec = podSpec(workload);
  return ["nodeName", "nodeSelector"].some((key) => member(spec, key)) ||
    member(spec, "affinity", "nodeAffinity", REQUIRED) !== undefined;
}
