/**
 * An object is defined once.
 *
 * @module
 */

import { error } from "../finding.ts";
import { type KubernetesObject, titleOf } from "../kubernetes.ts";
import type { Rule } from "./rule.ts";

/** An object is defined once. */
export const duplicate: Rule = {
  name: "duplicate",
  *checkAll({ networks, workloads }) {
    const definitions = networks.map(({ definition }) => definition).filter((one) => one?.name);
    const objects = [...definitions as KubernetesObject[], ...workloads.filter(({ name }) => name)];
    for (const [title, [first, ...others]] of Map.groupBy(objects, titleOf)) {
      for (const other of others) {
        const message = `${title} is there already, in ${first!.file}:${first!.line}`;
        // An object may have several templates of pods.
        if (other.file === first!.file && other.line === first!.line) continue;
        yield error(other, message, "rename one of them, or remove it");
      }
    }
  },
};
