/**
 * The network between nodes, which packets of tunnels take: a second bridge of a switch, whose own
 * interface has the node's address, and a host beyond it.
 *
 * @module
 */

import type { Pod } from "../run/namespace.ts";
import { Place } from "../run/place.ts";
import type { Switch } from "./switch.ts";

/** The bridge of the underlay. */
export const UNDERLAY = "brphy";

/** Addresses of one node's underlay: the node's own and the far end's, of both versions of IP. */
export interface Addresses {
  node: readonly [ipv4: string, ipv6: string];
  host: readonly [ipv4: string, ipv6: string];
}

/** Of a first node. */
export const ADDRESSES: Addresses = {
  node: ["192.0.2.1", "2001:db8::1"],
  host: ["192.0.2.10", "2001:db8::10"],
};

/** Makes the link, with the far end in the network namespace `$2`. */
const LINK = `
ip link add "$1" type veth peer name "$1" netns "$2"
ip link set "$1" up
nsenter --net="$2" -- sh -ec '
  ip link set lo up
  echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
  ip address add "$2/24" dev "$1"
  ip -6 address add "$3/64" dev "$1" nodad
  ip link set "$1" up
' sh "$1" "$3" "$4"
`;

/** Gives the node its addresses. */
const ADDRESS = `
echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
ip address add "$2/24" dev "$1"
ip -6 address add "$3/64" dev "$1" nodad
ip link set "$1" up
`;

/**
 * Connects a node with a host.
 *
 * @param vswitch The node's switch.
 * @param link Name of the interface at both ends.
 * @param home The node that the host was made on, if it is another.
 */
export async function connectHost(
  vswitch: Switch,
  host: Pod,
  link: string,
  { node, host: far }: Addresses = ADDRESSES,
  home = vswitch.node,
): Promise<void> {
  const place = vswitch.node;
  await home.succeed("sh", "-ec", LINK, "sh", link, host.netns, ...far);
  if (home !== place) {
    // Each node has processes of its own; the machine knows those of both.
    const [, ofHome] = home.enter, [, ofNode] = place.enter;
    const pid = ofNode!.replace("--target=", "");
    await new Place(["nsenter", ofHome!, "--net", "--"])
      .succeed("ip", "link", "set", link, "netns", pid);
    await place.succeed("ip", "link", "set", link, "up");
  }
  await vswitch.addBridges(UNDERLAY);
  await vswitch.db.addPorts(UNDERLAY, link);
  await vswitch.settle();
  await place.succeed("sh", "-ec", ADDRESS, "sh", UNDERLAY, ...node);
  // The switch learns the neighbour from these answers, and need not lose a first copy to ask.
  for (const address of far) await place.succeed("ping", "-q", "-c", "1", "-W", "5", address);
}
