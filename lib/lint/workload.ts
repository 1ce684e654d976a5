/**
 * Objects that make pods, and the networks that their pods ask for.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import {
  type Annotation,
  DEFAULT_NETWORK,
  NETWORKS,
  type NetworkSelection,
  readAnnotation,
  readDefaultNetwork,
  readVirtualNetwork,
} from "./annotation.ts";
import { member, stringAt, type Tree } from "./tree.ts";

/** An object whose pods ask for networks. */
export interface Workload extends KubernetesObject {
  /** The number of its pods that may run on one node. */
  pods: number;
  /** True if an update makes the new pod before the old one is gone. */
  overlaps: boolean;
  /** True if its pods run on the nodes of pods that they name. */
  followsPods: boolean;
  /** True if it names the nodes of its pods. */
  choosesNode: boolean;
  /** The networks of each of its pods. */
  selections: NetworkSelection[];
  /** Problems of the annotations. */
  findings: Finding[];
}

/** A pod, or a template of pods, and how many are made of it. */
interface Template {
  tree: Tree;
  pods: number;
}

/**
 * Reads the workloads of an object.
 *
 * @returns One for each template of pods that asks for networks, in whatever kind of object and
 * wherever it has it.
 */
export function readWorkloads(object: KubernetesObject): Workload[] {
  const isPod = ["Pod", "VirtualMachineInstance"].includes(object.kind);
  const templates = isPod ? [{ tree: object.tree, pods: 1 }] : templatesIn(object.tree, 1);
  return templates.flatMap(({ tree, pods }) => {
    const asked = networksOf(object.file, tree);
    if (asked.length === 0) return [];
    const spec = member(tree, "spec")?.value ?? tree;
    return {
      ...object,
      pods,
      overlaps: overlapsOf(object),
      followsPods: followsPods(spec),
      choosesNode: choosesNode(spec),
      selections: asked.flatMap(({ selections }) => selections),
      findings: asked.flatMap(({ findings }) => findings),
    };
  });
}

/** Pods and templates within a value, other than itself; its kind does not matter. */
function templatesIn(tree: Tree, outer: number, found: Template[] = []): Template[] {
  if (tree.kind === "scalar") return found;
  const pods = outer * countAt(tree, "replicas") * countAt(tree, "parallelism");
  for (const one of tree.kind === "list" ? tree.items : tree.members) {
    const value = "key" in one ? one.value : one;
    if (member(value, "metadata") ?? member(value, "spec")) found.push({ tree: value, pods });
    templatesIn(value, pods, found);
  }
  return found;
}

function countAt(tree: Tree, key: string): number {
  const count = member(tree, key)?.value;
  return count?.kind === "scalar" && typeof count.value === "number" ? count.value : 1;
}

/** The networks of a pod, from two annotations of Multus and from KubeVirt's specification. */
function networksOf(file: string, pod: Tree): Annotation[] {
  const annotations = member(pod, "metadata", "annotations")?.value;
  const [networks, standard] = [NETWORKS, DEFAULT_NETWORK].map((key) => member(annotations, key));
  const own = member(pod, "spec", "networks")?.value;
  return [
    ...networks ? [readAnnotation(file, networks)] : [],
    ...standard ? [readDefaultNetwork(file, standard)] : [],
    ...own?.kind === "list" ? own.items.map((item) => readVirtualNetwork(file, item)) : [],
  ].filter((one) => one !== undefined);
}

/** Finds the metadata that an object's pods get. */
export function podMetadata({ kind, tree }: KubernetesObject): Tree | undefined {
  return member(tree, ...podPath(kind), "metadata")?.value;
}

/** The path of the pod template in an object. */
export function podPath(kind: string): string[] {
  if (kind === "Pod") return [];
  if (kind === "PodTemplate") return ["template"];
  return kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
}

/** Finds the specification of an object's pods. */
export function podSpec({ kind, tree }: KubernetesObject): Tree | undefined {
  return member(tree, ...podPath(kind), "spec")?.value;
}

function overlapsOf({ kind, tree }: KubernetesObject): boolean {
  if (kind !== "Deployment" || stringAt(tree, "spec", "strategy", "type") === "Recreate") {
    return false;
  }
  const surge = member(tree, "spec", "strategy", "rollingUpdate", "maxSurge")?.value;
  return !(surge?.kind === "scalar" && /^0%?$/.test(surge.text));
}

/** Pods of a zone or of another group of nodes may still be on different ones. */
function followsPods(spec: Tree | undefined): boolean {
  const terms = member(spec, "affinity", "podAffinity", REQUIRED)?.value;
  return terms?.kind === "list" &&
    terms.items.some((term) => stringAt(term, "topologyKey") === "kubernetes.io/hostname");
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

function choosesNode(spec: Tree | undefined): boolean {
  return ["nodeName", "nodeSelector"].some((key) => member(spec, key)) ||
    member(spec, "affinity", "nodeAffinity", REQUIRED) !== undefined;
}
