/**
 * Helpers of the tests of lint's rules.
 *
 * @module
 */

import { check } from "../../../lib/lint/check.ts";
import { readDocuments } from "../../../lib/lint/document.ts";

/** Parts of a network. */
export interface NetworkParts {
  name?: string;
  namespace?: string;
  /** The plugins of the chain. */
  plugins: unknown[];
  /** Members of the configuration beside the plugins; undefined removes one. */
  config?: Record<string, unknown>;
}

/** The plugin that makes the port. */
export const OVS_BR1 = { type: "ovs", bridge: "br1" };

/** A plugin that feeds mirrors in both directions. */
export function feeds(...mirrors: string[]): Record<string, unknown> {
  const both = mirrors.map((name) => ({ name, ingress: true, egress: true }));
  return { type: "ovs-mirror-producer", bridge: "br1", mirrors: both };
}

/** A plugin that consumes mirrors. */
export function consumes(...mirrors: string[]): Record<string, unknown> {
  return {
    type: "ovs-mirror-consumer",
    bridge: "br1",
    mirrors: mirrors.map((name) => ({ name })),
  };
}

/** A NetworkAttachmentDefinition. */
export function definition({ name = "net", namespace, plugins, config }: NetworkParts): unknown {
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name, namespace },
    spec: { config: JSON.stringify({ cniVersion: "1.0.0", ...config, plugins }) },
  };
}

/** A network on br1, with these plugins behind `ovs`. */
export function network(name: string, ...plugins: unknown[]): unknown {
  return definition({ name, plugins: [OVS_BR1, ...plugins] });
}

/** Parts of a workload. */
export interface WorkloadParts {
  kind?: string;
  name?: string;
  namespace?: string;
  /** The annotation. */
  networks: string;
  /** Members of the spec beside the template. */
  spec?: Record<string, unknown>;
  /** Members of the spec of the pods. */
  pod?: Record<string, unknown>;
}

/** A workload whose pods ask for networks. */
export function workload(
  { kind = "Deployment", name = "app", namespace, networks, spec, pod }: WorkloadParts,
): unknown {
  const annotations = { "k8s.v1.cni.cncf.io/networks": networks };
  const metadata = { name, namespace };
  if (kind === "Pod") return { kind, metadata: { ...metadata, annotations }, spec: pod };
  const template = { metadata: { annotations }, spec: pod };
  if (kind !== "CronJob") return { kind, metadata, spec: { ...spec, template } };
  return { kind, metadata, spec: { jobTemplate: { spec: { ...spec, template } } } };
}

/**
 * Checks objects.
 *
 * @param objects Each becomes a file; the names are `1.json`, `2.json` and so on.
 * @returns The findings, as {@linkcode lintText} writes them.
 */
export function lint(...objects: unknown[]): string[] {
  return lintFiles(
    Object.fromEntries(objects.map((object, index) => [`${index + 1}.json`, object])),
  );
}

/**
 * Checks files.
 *
 * @param files Their names, and the object that each holds.
 * @returns For each finding `FILE:LINE LEVEL RULE: MESSAGE; HINT`.
 */
export function lintFiles(files: Record<string, unknown>): string[] {
  return describe(
    Object.entries(files).flatMap(([name, object]) => [
      ...readDocuments(name, JSON.stringify(object, null, 1)),
    ]),
  );
}

/** What is found in objects, without its place, but for mirrors that are used on one side only. */
export function findings(...objects: unknown[]): string[] {
  return lint(...objects).filter((one) => !/ no-(?:consumer|producer):/.test(one))
    .map((finding) => finding.replace(/^\S+ /, ""));
}

/**
 * Checks a YAML file.
 *
 * @param text The file's text; its name is `a.yaml`.
 * @returns For each finding `FILE:LINE LEVEL RULE: MESSAGE; HINT`.
 */
export function lintText(text: string): string[] {
  return describe(readDocuments("a.yaml", text));
}

function describe(documents: ReturnType<typeof readDocuments>): string[] {
  return check(documents).findings.map(({ file, line, level, rule, message, hint }) =>
    `${file}:${line} ${level} ${rule}: ${message}; ${hint}`
  );
}
