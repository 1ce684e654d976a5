/**
 * Pods and networks, written as briefly as tests want them.
 *
 * @module
 */

import type { Config } from "./chained.ts";
import type { NetworkList, PluginConfiguration } from "./chain.ts";

/** The bridge of all networks made here. */
export const BRIDGE = "br1";

/** An interface that a pod is to get. */
export interface WantedInterface {
  ifname: string;
  network: NetworkList;
  /** An IPv4 address, in a network of 24 bits. */
  address?: string;
}

/** A pod that is to be made. */
export interface WantedPod {
  name: string;
  interfaces: readonly WantedInterface[];
}

/** A pod. */
export function pod(name: string, ...interfaces: WantedInterface[]): WantedPod {
  return { name, interfaces };
}

/**
 * An interface of a pod.
 *
 * @param network The network that it is in.
 * @param address Its IPv4 address, if it talks.
 */
export function on(ifname: string, network: NetworkList, address?: string): WantedInterface {
  return { ifname, network, address };
}

/**
 * A network, in the CNI version of the specification's examples.
 *
 * @param name Its name, as that of its NetworkAttachmentDefinition.
 */
export function network(name: string, ...plugins: PluginConfiguration[]): NetworkList {
  return { cniVersion: "0.4.0", name, plugins };
}

/**
 * The plugin that makes the port.
 *
 * @param vlan The port's VLAN; all of them if absent.
 */
export function ovs(vlan?: number): PluginConfiguration {
  return { type: "ovs", bridge: BRIDGE, ...(vlan !== undefined && { vlan }) };
}

/**
 * The plugin that makes the port a source.
 *
 * @param mirrors The mirrors, with directions.
 */
export function producer(...mirrors: Config[]): PluginConfiguration {
  return { type: "ovs-mirror-producer", bridge: BRIDGE, mirrors };
}

/**
 * The plugin that makes the port the output.
 *
 * @param mirrors Names of the mirrors.
 */
export function consumer(...mirrors: string[]): PluginConfiguration {
  const named = mirrors.map((name) => ({ name }));
  return { type: "ovs-mirror-consumer", bridge: BRIDGE, mirrors: named };
}
