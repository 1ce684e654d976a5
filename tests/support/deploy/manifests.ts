/**
 * The pods that Kubernetes objects make, with the networks that they ask for.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { parseAll } from "@std/yaml/parse";
import type { NetworkList, PluginConfiguration } from "../cni/chain.ts";
import { on, pod, type WantedPod } from "../cni/pods.ts";

/** An object, as far as it matters here. */
export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: {
    /** Of a NetworkAttachmentDefinition. */
    config?: string;
    /** Of what makes pods. */
    replicas?: number;
    strategy?: { type: string; rollingUpdate?: Record<string, unknown> };
    template?: {
      metadata?: { labels: unknown; annotations: Record<string, string> };
      /** Of a VirtualMachine: its networks. */
      spec?: { networks?: { name: string; multus?: { networkName: string } }[] };
    };
    selector?: { matchLabels: unknown };
  };
}

/** A network that a pod asks for. */
interface Selected {
  name: string;
  interface: string;
}

/**
 * Reads the objects of a YAML file, with another parser than the program's own.
 *
 * @param path The file's path.
 */
export function readManifests(path: string): Manifest[] {
  return parseAll(Deno.readTextFileSync(path)) as Manifest[];
}

/**
 * Makes the pods that objects make.
 *
 * @param manifests The objects: Deployments, DaemonSets and VirtualMachines, and their networks.
 * @param addresses IPv4 addresses by pod and interface, such as `web-1/eth1`. What assigns
 * addresses in a cluster is left out.
 * @returns The pods. If a Deployment makes several, they are numbered.
 */
export function podsOf(
  manifests: readonly Manifest[],
  addresses: Readonly<Record<string, string>>,
): WantedPod[] {
  const networks = new Map(
    manifests.filter(({ kind }) => kind === "NetworkAttachmentDefinition").map(networkOf),
  );
  const kinds = ["Deployment", "DaemonSet", "VirtualMachine"];
  const makers = manifests.filter(({ kind }) => kinds.includes(kind));
  return makers.flatMap((maker) => {
    const selected = selectedBy(maker);
    return podNames(maker).map((name) =>
      pod(
        name,
        ...selected.map(({ name: network, interface: ifname }) =>
          on(ifname, networks.get(network)!, addresses[`${name}/${ifname}`])
        ),
      )
    );
  });
}

function networkOf({ metadata: { name }, spec }: Manifest): [name: string, list: NetworkList] {
  const list = JSON.parse(spec!.config!) as NetworkList;
  const plugins = list.plugins.map(({ ipam: _, ...plugin }): PluginConfiguration => plugin);
  return [name, { ...list, name, plugins }];
}

function podNames({ metadata: { name }, spec }: Manifest): string[] {
  const { replicas = 1 } = spec!;
  if (replicas === 1) return [name];
  return Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`);
}

function selectedBy({ kind, spec }: Manifest): Selected[] {
  const { metadata, spec: own } = spec!.template!;
  if (kind === "VirtualMachine") {
    return own!.networks!.flatMap(({ name, multus }) =>
      multus ? [{ name: multus.networkName, interface: launcherInterface(name) }] : []
    );
  }
  const annotation = metadata!.annotations["k8s.v1.cni.cncf.io/networks"]!;
  if (annotation.startsWith("[")) return JSON.parse(annotation);
  return annotation.split(",").map((word) => {
    const [name, ifname] = word.trim().split("@") as [string, string];
    return { name, interface: ifname };
  });
}

/**
 * How KubeVirt calls the interface of a machine's network in its launcher pod.
 *
 * @param network The network's name in the machine.
 */
export function launcherInterface(network: string): string {
  return `pod${createHash("sha256").update(network).digest("hex").slice(0, 11)}`;
}
