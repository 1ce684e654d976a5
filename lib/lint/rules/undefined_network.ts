/**
 * Pods ask for networks that are defined.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import type { NetworkSelection } from "../annotation.ts";
import { error, type Problem, warning } from "../finding.ts";
import { qualified } from "../kubernetes.ts";
import { definitionsFor, namespaceOf, type Project } from "../project.ts";
import type { Workload } from "../workload.ts";
import { didYouMean, type Rule } from "./rule.ts";

/** Pods ask for networks that are defined. */
export const undefinedNetwork: Rule = {
  name: "undefined-network",
  checkAll(project, guess) {
    const names = [...project.definitions.keys()];
    return project.workloads.flatMap((workload) =>
      workload.selections.flatMap((selection) =>
        problemsOf(project, workload, selection, () => guess(selection.name, names))
      )
    );
  },
};

function problemsOf(
  project: Project,
  workload: Workload,
  selection: NetworkSelection,
  guess: () => string | undefined,
): Problem[] {
  if (definitionsFor(project, workload, selection).length > 0) return [];
  const namespace = namespaceOf(workload, selection);
  const message = `network ${quote(qualified(selection.name, namespace))} is not defined here`;
  const [other] = project.definitions.get(selection.name) ?? [];
  if (other) {
    const { namespace } = other.definition!;
    const hint = `a network of that name is defined in namespace ${quote(namespace!)}`;
    return [warning(selection, message, hint)];
  }
  const meant = guess();
  if (meant) return [error(selection, message, didYouMean(meant))];
  return [warning(selection, message, "define it, unless it is in the cluster already")];
}
