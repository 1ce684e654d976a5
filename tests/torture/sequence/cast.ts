/**
 * Pods, networks and mirrors of a sequence.
 *
 * @module
 */

import type { RoleName } from "../../support/plugin.ts";
import type { Attachment, Wanted } from "../attachment.ts";
import type { Random } from "../random.ts";

/** Names of bridges. */
export const BRIDGES = ["br0", "br1", "br2"];

/** Names of mirrors that configurations use. */
export const MIRRORS = ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];

const NETWORKS = ["red", "blue"];
const PODS = 14;

/** How often a configuration names a given mirror that belongs on another bridge. */
const MISTAKE = 0.02;

/** The bridge that a mirror belongs on. */
export function homeOf(mirror: string): string {
  return BRIDGES[MIRRORS.indexOf(mirror) % BRIDGES.length]!;
}

/** All attachments: every pod has one of each role, and some pods' ports have the same name. */
export function cast(random: Random): Attachment[] {
  return Array.from({ length: PODS }, (_, index): Attachment[] => {
    const pod = {
      container: `pod-${index}`,
      ifname: random.pick(["eth0", "net1"]),
      netns: `/var/run/netns/${index}`,
      network: random.pick(NETWORKS),
      bridge: random.pick(BRIDGES),
      port: `veth${index % (PODS - 4)}`,
    };
    const roles: RoleName[] = ["producer", "consumer"];
    return roles.map((role) => ({ ...pod, role, mirrors: choose(pod.bridge, role, random) }));
  }).flat();
}

/** The same attachment with other mirrors, as after a change of its network's configuration. */
export function reconfigured(attachment: Attachment, random: Random): Attachment {
  return { ...attachment, mirrors: choose(attachment.bridge, attachment.role, random) };
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
