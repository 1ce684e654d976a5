/**
 * NetworkAttachmentDefinitions have the right kind and apiVersion.
 *
 * @module
 */

import { suggest } from "../../text/suggest.ts";
import { quote } from "../../text/text.ts";
import { error, type Problem } from "../finding.ts";
import type { KubernetesObject } from "../kubernetes.ts";
import { DEFINITION } from "../network.ts";
import { lineOf, stringAt } from "../tree.ts";
import type { Rule } from "./rule.ts";

const API_VERSION = "k8s.cni.cncf.io/v1";

/** Definitions have the kind and the version of definitions. */
export const kind: Rule = {
  name: "kind",
  checkDocument: ({ objects }) => objects.flatMap(kindOf),
};

function kindOf({ file, kind, tree }: KubernetesObject): Problem[] {
  const version = stringAt(tree, "apiVersion");
  const place = (key: string) => ({ file, line: lineOf(tree, [key]) });
  if (kind !== DEFINITION && (version === API_VERSION || suggest(kind, [DEFINITION]))) {
    return [error(place("kind"), `there is no kind ${quote(kind)}`, `write ${DEFINITION}`)];
  }
  if (kind !== DEFINITION || version === API_VERSION) return [];
  const message = `a ${DEFINITION} has another apiVersion`;
  return [error(place("apiVersion"), message, `write "apiVersion: ${API_VERSION}"`)];
}
