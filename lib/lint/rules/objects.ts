/**
 * Kubernetes takes the objects as they are meant.
 *
 * @module
 */

import { suggest } from "../../text/suggest.ts";
import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { type KubernetesObject, qualified, titleOf } from "../kubernetes.ts";
import { DEFINITION } from "../network.ts";
import { definitionsFor, type Project } from "../project.ts";
import { type Attachment, NETWORKS } from "../selection.ts";
import { lineOf, type Member, member, textOf, type Tree } from "../tree.ts";
import { podMetadata, podPath, type Workload } from "../workload.ts";
import { didYouMean, type Rule } from "./rule.ts";

const API_VERSION = "k8s.cni.cncf.io/v1";

/** Definitions have the kind and the version of definitions. */
export const kinds: Rule = {
  name: "kind",
  check: ({ objects }) => objects.flatMap(kindOf),
};

function kindOf({ file, kind, tree }: KubernetesObject): Problem[] {
  const version = textOf(tree, "apiVersion");
  const place = (key: string) => ({ file, line: lineOf(tree, [key]) });
  if (kind !== DEFINITION && (version === API_VERSION || suggest(kind, [DEFINITION]))) {
    return [error(place("kind"), `there is no kind ${quote(kind)}`, `write ${DEFINITION}`)];
  }
  if (kind !== DEFINITION || version === API_VERSION) return [];
  const message = `a ${DEFINITION} has another apiVersion`;
  return [error(place("apiVersion"), message, `write "apiVersion: ${API_VERSION}"`)];
}

/** Kubernetes refuses names, labels and annotations that are no texts, as `on` without quotes. */
export const texts: Rule = {
  name: "text",
  check: ({ objects }) =>
    objects.flatMap((object) => {
      const { file, kind, tree } = object;
      const own = notTexts(file, ["metadata"], member(tree, "metadata")?.value);
      if (kind === "Pod") return own;
      return [...own, ...notTexts(file, [...podPath(kind), "metadata"], podMetadata(object))];
    }),
};

function notTexts(file: string, path: readonly string[], metadata: Tree | undefined): Problem[] {
  if (metadata?.kind !== "table") return [];
  return metadata.members.flatMap((found) => {
    const { key, value } = found;
    if (key === "name" || key === "namespace") return notText(file, path, found);
    if (key !== "labels" && key !== "annotations" || value.kind !== "table") return [];
    return value.members.flatMap((one) => notText(file, [...path, key], one));
  });
}

function notText(file: string, path: readonly string[], { key, line, value }: Member): Problem[] {
  // Without a value, the member is not there. The networks' annotation has a rule of its own.
  if (value.kind !== "scalar" || value.value === null || typeof value.value === "string") {
    return [];
  }
  if (key === NETWORKS) return [];
  const message = `${path.join(".")}.${key} is no text`;
  return [error({ file, line }, message, `write ${quote(value.text)}, in quotes`)];
}

/** An object is defined once. */
export const duplicates: Rule = {
  name: "duplicate",
  *check({ networks, workloads }) {
    const definitions = networks.map(({ definition }) => definition).filter((one) => one?.name);
    const objects = [...definitions as KubernetesObject[], ...workloads.filter(({ name }) => name)];
    for (const [title, [first, ...others]] of Map.groupBy(objects, titleOf)) {
      for (const other of others) {
        const message = `${title} is there already, in ${first!.file}:${first!.line}`;
        yield error(other, message, "rename one of them, or remove it");
      }
    }
  },
};

/** Kinds of objects that make pods from a template. What others do is theirs to say. */
const MAKERS = [
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob"],
  ...["ReplicationController", "PodTemplate"],
];

/** Multus looks for the annotation at the pods. */
export const placement: Rule = {
  name: "placement",
  *check({ objects }) {
    for (const { file, kind, tree } of objects) {
      const annotation = member(tree, "metadata", "annotations", NETWORKS);
      if (!annotation || !MAKERS.includes(kind)) continue;
      const message = `the annotation is at the ${kind}, where nobody looks for it`;
      const hint = `pods get what stands at ${podPath(kind).join(".")}.metadata.annotations`;
      yield warning({ file, line: annotation.line }, message, hint);
    }
  },
};

/** Pods ask for networks that are defined. */
export const references: Rule = {
  name: "undefined-network",
  check(project, guess) {
    const names = [...project.definitions.keys()];
    return project.workloads.flatMap((workload) =>
      workload.attachments.flatMap((attachment) =>
        undefinedNetwork(project, workload, attachment, () => guess(attachment.name, names))
      )
    );
  },
};

function undefinedNetwork(
  project: Project,
  workload: Workload,
  attachment: Attachment,
  guess: () => string | undefined,
): Problem[] {
  if (definitionsFor(project, workload, attachment).length > 0) return [];
  const namespace = attachment.namespace ?? workload.namespace;
  const message = `network ${quote(qualified(attachment.name, namespace))} is not defined here`;
  const [other] = project.definitions.get(attachment.name) ?? [];
  if (other) {
    const { namespace } = other.definition!;
    const hint = `a network of that name is defined in namespace ${quote(namespace!)}`;
    return [warning(attachment, message, hint)];
  }
  const meant = guess();
  if (meant) return [error(attachment, message, didYouMean(meant))];
  return [warning(attachment, message, "define it, unless it is in the cluster already")];
}
