/**
 * Kubernetes refuses names, labels and annotations that are not strings, as `on` without quotes.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { NETWORKS } from "../annotation.ts";
import { error, type Problem } from "../finding.ts";
import { type Member, member, stringAt, type Tree } from "../tree.ts";
import { podMetadata, podPath } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** Kubernetes refuses names, labels and annotations that are not strings, as `on` without quotes. */
export const text: Rule = {
  name: "text",
  checkDocument: ({ objects }) =>
    objects.flatMap((object) => {
      const { file, kind, tree } = object;
      // Other files than Kubernetes' have kinds too.
      if (!stringAt(tree, "apiVersion")) return [];
      const own = notStrings(file, ["metadata"], member(tree, "metadata")?.value);
      if (kind === "Pod") return own;
      return [...own, ...notStrings(file, [...podPath(kind), "metadata"], podMetadata(object))];
    }),
};

function notStrings(file: string, path: readonly string[], metadata: Tree | undefined): Problem[] {
  if (metadata?.kind !== "table") return [];
  return metadata.members.flatMap((found) => {
    const { key, value } = found;
    if (key === "name" || key === "namespace") return notString(file, path, found);
    if (key !== "labels" && key !== "annotations" || value.kind !== "table") return [];
    return value.members.flatMap((one) => notString(file, [...path, key], one));
  });
}

function notString(file: string, path: readonly string[], { key, line, value }: Member): Problem[] {
  // Without a value, the member is not there. The networks' annotation has a rule of its own.
  if (value.kind !== "scalar" || value.value === null || typeof value.value === "string") {
    return [];
  }
  if (key === NETWORKS) return [];
  const message = `${path.join(".")}.${key} must be a string`;
  return [error({ file, line }, message, `write ${quote(value.text)}, in quotes`)];
}
