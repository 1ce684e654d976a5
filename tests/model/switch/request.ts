/**
 * Requests as the commands get them.
 *
 * @module
 */

import type { PluginRequest } from "../../../lib/cni/skel.ts";
import type { MirrorCall } from "../semantics/call.ts";

/** What the runtime tells besides the command. */
export interface Telling {
  /** It knows neither prevResult nor the network namespace any more. */
  hasForgotten?: boolean;
  /** For GC: the attachments that are still there. */
  valid?: readonly MirrorCall[];
}

/** The container of a request, by the runtime's name for it. */
export function containerOf({ attachment }: MirrorCall): string {
  return attachment.containerId ?? "container";
}

/**
 * Makes a request of a runtime.
 *
 * @param command What it wants.
 * @param call The attachment that it is about.
 * @param telling What else it tells.
 * @returns The request, as it is after parsing.
 */
export function requestFor(
  command: PluginRequest["command"],
  call: MirrorCall,
  { hasForgotten = false, valid = [] }: Telling = {},
): PluginRequest {
  const { bridge, mirrors, ports, attachment, network = "net" } = call;
  const { podUid } = attachment;
  const result = { interfaces: ports.map((name) => ({ name })) };
  const list = valid.map((one) => ({
    containerID: containerOf(one),
    ifname: one.attachment.ifname,
  }));
  const members = {
    bridge,
    socket_file: "/db.sock",
    mirrors: mirrors.map(({ name, columns, shared, options }) => ({
      name,
      ...shared && { shared },
      ...options,
      ingress: columns.includes("select_src_port"),
      egress: columns.includes("select_dst_port"),
    })),
    "cni.dev/valid-attachments": list,
  };
  return {
    command,
    attachment: {
      ...attachment,
      containerId: containerOf(call),
      netns: hasForgotten ? "" : attachment.netns,
      ...podUid && { pod: { namespace: "default", name: containerOf(call), uid: podUid } },
    },
    configuration: {
      cniVersion: "1.1.0",
      name: network,
      ...!hasForgotten && { prevResult: { ...result, members: result } },
      members,
    },
  };
}
