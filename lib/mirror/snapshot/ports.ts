/**
 * Chooses the ports of a request.
 *
 * @module
 */

import { isSameNetns } from "./netns.ts";
import { Refusal } from "../refusal.ts";
import type { AttachRequest } from "../config/config.ts";
import { portsOf, type PortState, type Snapshot } from "./snapshot.ts";
import { quote } from "../../input/shape.ts";

/** The attachment whose ports are meant. */
type Owner = Pick<AttachRequest, "netns" | "podUid">;

/**
 * Chooses the ports of a request: those on the bridge, as far as that is known.
 *
 * @param request What was asked for; `several`: there may be any number of ports.
 * @param snapshot The database as it was read.
 * @returns At least one port; exactly one if the role is exclusive, unless there may be several.
 * @throws {Refusal} There is none, or there are too many.
 */
export function attachablePorts(
  request: Omit<AttachRequest, "mirrors"> & { several?: boolean },
  snapshot: Snapshot,
): readonly PortState[] {
  const { role, bridge, several } = request;
  const ports = chosenPorts(bridge, request, snapshot);
  if (ports.length === 0) throw noPort(request, snapshot);
  if (role.exclusive && !several && ports.length > 1) {
    throw new Refusal(
      "no port",
      `Cannot tell which port of bridge ${quote(bridge)} is to be the output: ` +
        `there are ${ports.map(({ name }) => quote(name)).join(", ")}`,
      "chain the consumer after a plugin that makes one port of the bridge",
    );
  }
  return ports;
}

/**
 * Chooses the ports of prevResult that are on the bridge; if there are none, those with the
 * attachment's marks. A port whose bridge is not known yet counts as on it; one that the `ovs`
 * plugin made for another network namespace or pod is left out, even if prevResult names it.
 *
 * @param bridge The bridge's name.
 * @param owner The attachment's network namespace and pod, if they are known.
 * @param snapshot The database as it was read.
 * @returns Any number of ports.
 */
export function chosenPorts(
  bridge: string,
  owner: Owner,
  snapshot: Snapshot,
): readonly PortState[] {
  const holders = snapshot.details?.bridgeOfPort;
  const onBridge = ({ id }: PortState) => !holders?.has(id) || holders.get(id) === bridge;
  const isMeant = (port: PortState) => onBridge(port) && isOwned(port, owner);
  const byName = snapshot.ports.filter(isMeant);
  return byName.length > 0 ? byName : snapshot.attachedPorts.filter(isMeant);
}

/**
 * Finds the ports of a pod's earlier sandboxes, which a runtime that died may not have deleted.
 *
 * @param netns The network namespace of today.
 * @param snapshot The database as it was read.
 * @returns Ports that the `ovs` plugin made for another network namespace.
 */
export function portsOfEarlier(netns: string | undefined, { portsOfPod }: Snapshot): PortState[] {
  return portsOfPod?.filter((port) => netns && port.netns && !isSameNetns(port.netns, netns)) ?? [];
}

/**
 * Tells whether a port belongs to an attachment.
 *
 * @param port The port.
 * @param netns Network namespaces of the attachment; none known: names are trusted.
 * @param podUid The pod's UID, if it is known.
 * @returns Whether it does, or its owner is not marked.
 */
export function isOwn(
  port: PortState,
  netns: readonly string[],
  podUid?: string,
): boolean {
  const marked = port.netns;
  if (port.podUid !== undefined && podUid !== undefined && port.podUid !== podUid) return false;
  return marked === undefined || netns.length === 0 ||
    netns.some((path) => isSameNetns(path, marked));
}

function isOwned(port: PortState, { netns, podUid }: Owner): boolean {
  return isOwn(port, netns ? [netns] : [], podUid);
}

function noPort({ bridge, ...owner }: Owner & { bridge: string }, snapshot: Snapshot): Refusal {
  const elsewhere = new Set(
    portsOf(snapshot).map((port) => `; port ${quote(port.name)} ${excuse(port)}`),
  );
  function excuse(port: PortState): string {
    if (!isOwned(port, { ...owner, podUid: undefined })) {
      return "belongs to another network namespace";
    }
    if (!isOwned(port, owner)) return "belongs to another pod";
    const holder = snapshot.details?.bridgeOfPort.get(port.id);
    return holder === undefined ? "is on another bridge" : `is on bridge ${quote(holder)}`;
  }
  const what = `No interface of prevResult is a port of bridge ${quote(bridge)}`;
  return elsewhere.size > 0
    ? new Refusal(
      "no port",
      what + [...elsewhere].join(""),
      "let ovs and the mirror plugins of a chain name the same bridge",
    )
    : new Refusal(
      "no port",
      `${what}, nor of any other of Open vSwitch`,
      "chain the plugin after ovs; a port of a Linux bridge can't be mirrored",
    );
}
