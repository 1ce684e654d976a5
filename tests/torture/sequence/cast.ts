/**
 * Pods, networks and mirrors of a sequence.
 *
 * @module
 */

import type { RoleName } from "../../support/cni/plugin.ts";
import type { Attachment, Wanted } from "../attachment.ts";
import type { Random } from "../random.ts";

/** One of two databases. */
export type Site = 0 | 1;

/** Both. */
export const SITES: readonly Site[] = [0, 1];

/** Names of bridges, in either database. */
export const BRIDGES = ["br0", "br1", "br2"];

/** Names of mirrors that configurations use. */
export const MIRRORS = ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];

const NETWORKS = ["red", "blue"];
const IFNAMES = ["eth0", "net1"];
const PODS = 12;

/** Fewer names of ports than there are ports, so that pods get each other's. */
const PORTS = 14;

/** Probability that a configuration names a mirror that belongs on another bridge. */
const MISTAKE = 0.02;

/** A plugin in the chain of one interface of a pod. */
export interface Plugin extends Attachment {
  site: Site;
}

/** A port of a chain. */
type Place = Pick<Plugin, "site" | "bridge" | "port">;

/** The bridge that a mirror belongs on. */
export function homeOf(mirror: string): string {
  return BRIDGES[MIRRORS.indexOf(mirror) % BRIDGES.length]!;
}

/**
 * All plugins. Each chain has one of each role, or two on two ports, which may be on two bridges and
 * in two databases; some pods have two interfaces, or one in two networks.
 */
export function cast(random: Random): Plugin[] {
  let ports = 0;
  const place = (): Place => ({
    site: random.pick(SITES),
    bridge: random.pick(BRIDGES),
    port: `veth${ports++ % PORTS}`,
  });
  return Array.from({ length: PODS }, (_, index) =>
    chooseInterfaces(random).flatMap((one) => {
      const places = random.chance(0.5) ? [place(), place()] : [place()];
      const pod = { container: `pod-${index}`, netns: `/var/run/tests/${index}` };
      return places.flatMap((own) => {
        const neighbours = places.filter((other) => other !== own).map(({ port }) => port);
        return (["producer", "consumer"] satisfies RoleName[]).map((role): Plugin => (
          { ...pod, ...one, ...own, neighbours, role, mirrors: choose(own.bridge, role, random) }
        ));
      });
    })).flat();
}

function chooseInterfaces(random: Random): Pick<Plugin, "ifname" | "network">[] {
  const all = IFNAMES.flatMap((ifname) => NETWORKS.map((network) => ({ ifname, network })));
  const [first, second] = [random.pick(all), random.pick(all)];
  return first === second || random.chance(0.5) ? [first] : [first, second];
}

/** The same plugin with other mirrors, as after a change of its network's configuration. */
export function reconfigured(plugin: Plugin, random: Random): Plugin {
  return { ...plugin, mirrors: choose(plugin.bridge, plugin.role, random) };
}

function choose(bridge: string, role: RoleName, random: Random): Wanted[] {
  const near = MIRRORS.filter((name) => homeOf(name) === bridge || random.chance(MISTAKE));
  const some = random.some(near, role === "consumer" ? 0.2 : 0.6);
  const names = some.length > 0 ? some : [random.pick(near)];
  return names.map((name) => {
    const ingress = random.chance(0.7);
    return { name, ingress, egress: !ingress || random.chance(0.5) };
  });
}

/** The UID of a plugin's pod. */
export function uidOf({ container }: Plugin): string {
  return `uid-of-${container}`;
}

/** Which pod's interface in a network a plugin is for. */
export function podOf({ container, ifname, network }: Plugin): string {
  return `${container} ${ifname} ${network}`;
}
