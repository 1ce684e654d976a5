/**
 * Attachments of pods, as the network configurations of a cluster describe them.
 *
 * @module
 */

import type { PluginRequest, RoleName } from "../../tests/support/plugin.ts";

/** One interface of a pod, attached to mirrors. */
export interface Attachment {
  role: RoleName;
  container: string;
  ifname: string;
  netns: string;
  network: string;
  bridge: string;
  /** The port on the bridge. */
  port: string;
  mirrors: readonly { name: string; ingress: boolean; egress: boolean }[];
}

/** Where attachments are made. */
export interface Place {
  /** The directory that has the cache. */
  directory: string;
  /** The database's socket. */
  socket: string;
}

/** The request that a runtime makes for an attachment. */
export function requestFor(
  { role, container, ifname, netns, network, bridge, port, mirrors }: Attachment,
  { directory, socket }: Place,
  command: string,
): PluginRequest {
  const inside = { name: ifname, sandbox: netns };
  return {
    directory,
    command,
    env: { CNI_CONTAINERID: container, CNI_IFNAME: ifname, CNI_NETNS: netns },
    config: {
      cniVersion: "1.1.0",
      name: network,
      bridge,
      socket_file: socket,
      mirrors: role === "consumer" ? mirrors.map(({ name }) => ({ name })) : mirrors,
      prevResult: { cniVersion: "1.1.0", interfaces: [{ name: port }, inside] },
    },
  };
}

/** The name of an attachment's entry in the cache. */
export function entryOf({ role, container, ifname }: Attachment): string {
  return `${container}-${ifname}_${role === "producer" ? "prod" : "cons"}`;
}
