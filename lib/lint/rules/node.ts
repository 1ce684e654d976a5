/**
 * A mirror is on one node: its producers and its consumer have to run there.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { type Problem, warning } from "../finding.ts";
import { titleOf } from "../kubernetes.ts";
import { isFed, type Request } from "../project.ts";
import type { Workload } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Something puts pods that feed a mirror, and the pod that consumes it, on one node. */
export const node: Rule = {
  name: "node",
  *checkAll(project) {
    const requests = Map.groupBy(project.requests, ({ network }) => network);
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
    yield warning(request!.selection, message, TOGETHER);
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
  if ([producer, consumer].some((one) => one.kind === "DaemonSet" || one.followsPods)) return true;
  return [producer, consumer].every((one) => one.choosesNode);
}
