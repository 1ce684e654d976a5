/**
 * Objects that make pods, and the networks that their pods ask for.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import { NETWORKS, type NetworkSelection, readAnnotation } from "./annotation.ts";
import { member, stringAt, type Tree } from "./tree.ts";

/** An object whose pods ask for networks. */
export interface Workload extends KubernetesObject {
  /** How many pods it makes that may run on one node. */
  pods: number;
  /** Whether an update makes the new pod before the old one is gone. */
  overlaps: boolean;
  /** Whether its pods run on the nodes of pods that they name. */
  followsPods: boolean;
  /** Whether it says on which nodes its pods run. */
  choosesNode: boolean;
  /** What each of its pods asks for. */
  selections: NetworkSelection[];
  /** What is wrong with the annotation. */
  findings: Finding[];
}

/**
 * Reads a workload.
 *
 * @param object An object.
 * @returns The workload; nothing if it is none, or its pods ask for no networks.
 */
export function readWorkload(object: KubernetesObject): Workload | undefined {
  const annotation = member(podMetadata(object), "annotations", NETWORKS);
  if (!annotation) return undefined;
  return {
    ...object,
    pods: podsOf(object),
    overlaps: overlapsOf(object),
    followsPods: followsPods(podSpec(object)),
    choosesNode: choosesNode(podSpec(object)),
    ...readAnnotation(object.file, annotation),
  };
}

/**
 * Finds the metadata that an object's pods get.
 *
 * @param object An object.
 * @returns The metadata, if the object makes pods and there is any.
 */
export function podMetadata({ kind, tree }: KubernetesObject): Tree | undefined {
  return member(tree, ...podPath(kind), "metadata")?.value;
}

/** Where the pods of an object stand in it. */
export function podPath(kind: string): string[] {
  if (kind === "Pod") return [];
  if (kind === "PodTemplate") return ["template"];
  return kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
}

/**
 * Finds the specification of an object's pods.
 *
 * @param object An object that makes pods.
 */
export function podSpec({ kind, tree }: KubernetesObject): Tree | undefined {
  return member(tree, ...podPath(kind), "spec")?.value;
}

/** Of a DaemonSet one pod runs on a node; without a number there is one pod. */
function podsOf({ kind, tree }: KubernetesObject): number {
  if (kind === "Pod" || kind === "PodTemplate" || kind === "DaemonSet") return 1;
  const count = kind === "CronJob"
    ? member(tree, "spec", "jobTemplate", "spec", "parallelism")
    : member(tree, "spec", kind === "Job" ? "parallelism" : "replicas");
  const { value } = count?.value.kind === "scalar" ? count.value : { value: 1 };
  return typeof value === "number" ? value : 1;
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
