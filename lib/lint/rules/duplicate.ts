/**
 * An object is defined once.
 *
 * @module
 */

import { error, type Problem, warning } from "../finding.ts";
import { type KubernetesObject, titleOf } from "../kubernetes.ts";
import type { Rule } from "./rule.ts";

/** An object is defined once. */
export const duplicate: Rule = {
  name: "duplicate",
  *checkAll({ networks, workloads }) {
    const definitions = networks.map(({ definition }) => definition).filter((one) => one?.name);
    const objects = [...definitions as KubernetesObject[], ...workloads.filter(({ name }) => name)];
    for (const [title, [first, ...others]] of Map.groupBy(objects, titleOf)) {
      for (const other of others) yield* doubled(title, first!, other);
    }
  },
};

/** Objects in two directories are mostly for two clusters, or one patches the other. */
function doubled(title: string, first: KubernetesObject, other: KubernetesObject): Problem[] {
  const isSame = first.file === other.file;
  // An object may have several templates of pods.
  if (isSame && first.line === other.line) return [];
  if (directoryOf(first.file) !== directoryOf(other.file)) return [];
  const message = `${title} is there already, in ${first.file}:${first.line}`;
  return [(isSame ? error : warning)(other, message, "rename one of them, or remove it")];
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}
