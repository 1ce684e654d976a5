/**
 * The networks' annotation stands where Multus looks for it: at the pods.
 *
 * @module
 */

import { NETWORKS } from "../annotation.ts";
import { warning } from "../finding.ts";
import { member } from "../tree.ts";
import { podPath } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Kinds of objects that make pods from a template. What others do is theirs to say. */
const MAKERS = [
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob"],
  ...["ReplicationController", "PodTemplate"],
];

/** Multus looks for the annotation at the pods. */
export const placement: Rule = {
  name: "placement",
  *checkDocument({ objects }) {
    for (const { file, kind, tree } of objects) {
      const annotation = member(tree, "metadata", "annotations", NETWORKS);
      if (!annotation || !MAKERS.includes(kind)) continue;
      const message = `the annotation is at the ${kind}, where nobody looks for it`;
      const hint = `pods get what stands at ${podPath(kind).join(".")}.metadata.annotations`;
      yield warning({ file, line: annotation.line }, message, hint);
    }
  },
};
