/**
 * Attachments of pods, as the network configurations of a cluster describe them.
 *
 * @module
 */

import type { PluginRequest, RoleName } from "../support/cni/plugin.ts";

/** A mirror of a configuration. */
export interface Wanted {
  name: string;
  ingress: boolean;
  egress: boolean;
  /** Of a consumer: whether it takes part beside others, and the length that it cuts copies to. */
  shared?: boolean;
  snaplen?: number;
}

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
  /** Ports of other plugins of the chain, on whatever bridges; prevResult names them too. */
  neighbours?: readonly string[];
  mirrors: readonly Wanted[];
}

/** A place to attach at. */
export interface Place {
  /** The directory that has the cache. */
  directory: string;
  /** The database's socket. */
  socket: string;
}

/** What prevResult says: it names the port, no interface on the host, another one, or is absent. */
export type Result = "names the port" | "names no port" | "names another port" | "is absent";

/** The runtime's data about an attachment. */
export interface Told {
  result: Result;
  /** Whether the network namespace is still there. */
  netns: boolean;
  /** The pod's UID. */
  podUid?: string;
}

/** A name that no port has. */
const NO_PORT = "elsewhere";

/** The request that a runtime makes for an attachment. */
export function requestFor(
  attachment: Attachment,
  { directory, socket }: Place,
  command: string,
  told: Told = { result: "names the port", netns: true },
): PluginRequest {
  const { role, container, ifname, netns, network, bridge, mirrors } = attachment;
  return {
    directory,
    command,
    env: {
      CNI_CONTAINERID: container,
      CNI_IFNAME: ifname,
      CNI_NETNS: told.netns ? netns : undefined,
      CNI_ARGS: told.podUid &&
        `K8S_POD_NAMESPACE=default;K8S_POD_NAME=${container};K8S_POD_UID=${told.podUid}`,
    },
    config: {
      cniVersion: "1.1.0",
      name: network,
      bridge,
      socket_file: socket,
      mirrors: role === "consumer" ? mirrors.map(ofConsumer) : mirrors,
      prevResult: prevResult(attachment, told.result),
    },
  };
}

function ofConsumer({ name, shared, snaplen }: Wanted) {
  return { name, shared, snaplen };
}

function prevResult(attachment: Attachment, result: Result) {
  if (result === "is absent") return undefined;
  const { ifname, netns } = attachment;
  const outside = namesIn(attachment, result).map((name) => ({ name }));
  return { cniVersion: "1.1.0", interfaces: [...outside, { name: ifname, sandbox: netns }] };
}

/** The interfaces on the host that prevResult names. */
export function namesIn({ port, neighbours = [] }: Attachment, result: Result): string[] {
  if (result === "names the port") return [port, ...neighbours];
  return result === "names another port" ? [NO_PORT] : [];
}

/** The name of an attachment's entry in the cache. */
export function entryOf(
  { role, container, ifname }: Pick<Attachment, "role" | "container" | "ifname">,
): string {
  return `${container}-${ifname}_${role === "producer" ? "prod" : "cons"}`;
}
