/**
 * How mirrors are described, the same in all formats for people.
 *
 * @module
 */

import { OWNER } from "../../mirror/snapshot.ts";
import { printable } from "../text.ts";
import type { Mirror, Port, Source } from "./model.ts";

/** Sources that are listed one by one; of the others, their number is told. */
const MAX_SOURCES = 8;

/** VLANs that are listed. */
const MAX_VLANS = 8;

/** What stands at one end of a mirror. */
export interface MirrorEnd {
  /** What it is to the mirror; empty for sources that are only counted. */
  role: string;
  /** What it is called. */
  name: string;
  /** The pod that it belongs to: container interface, pod, network namespace, as far as known. */
  pod: readonly string[];
  /** Whether it is one port; if not, the name describes several or a VLAN. */
  isPort: boolean;
}

/**
 * Names something.
 *
 * @param name A name from the database.
 * @returns The name with what is not printable escaped; quotes if it is empty.
 */
export function nameOf(name: string): string {
  return printable(name) || '""';
}

/**
 * Says who owns a mirror.
 *
 * @param mirror The mirror.
 * @returns `ours` if the plugins made it.
 */
export function ownerOf({ owner }: Mirror): string {
  if (owner === undefined) return "nobody";
  return owner === OWNER ? "ours" : nameOf(owner);
}

/**
 * Lists what a mirror takes packets from.
 *
 * @param mirror The mirror.
 * @returns Some sources, and the number of the others.
 */
export function sourcesOf({ sources, allPorts }: Mirror): MirrorEnd[] {
  const listed = sources.slice(0, MAX_SOURCES).map((source) =>
    portEnd(directionOf(source), source)
  );
  const more = sources.length - listed.length;
  return [
    ...allPorts ? [severalEnd("ingress+egress", "all ports")] : [],
    ...listed,
    ...more > 0 ? [severalEnd("", `and ${more} more`)] : [],
  ];
}

/**
 * Tells where a mirror's packets go.
 *
 * @param mirror The mirror.
 * @returns The output, or nothing if there is none.
 */
export function outputOf({ output, outputVlan }: Mirror): MirrorEnd | undefined {
  if (output) return portEnd("output", output);
  return outputVlan === undefined ? undefined : severalEnd("output", `VLAN ${outputVlan}`);
}

/**
 * Lists the VLANs that a mirror is limited to.
 *
 * @param mirror The mirror.
 * @returns Some of them and the number of the others, or nothing if it is not limited.
 */
export function vlansOf({ vlans }: Mirror): string | undefined {
  if (vlans.length === 0) return undefined;
  const more = vlans.length - MAX_VLANS;
  return `VLAN ${vlans.slice(0, MAX_VLANS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function portEnd(role: string, port: Port): MirrorEnd {
  const phrases: [string, string | undefined][] = [
    ["", port.interface],
    ["pod ", port.podUid],
    ["netns ", port.netns],
  ];
  const pod = phrases.flatMap(([word, value]) => value === undefined ? [] : [word + nameOf(value)]);
  return { role, name: nameOf(port.name), pod, isPort: true };
}

function severalEnd(role: string, name: string): MirrorEnd {
  return { role, name, pod: [], isPort: false };
}

function directionOf({ ingress, egress }: Source): string {
  if (ingress && egress) return "ingress+egress";
  return ingress ? "ingress" : "egress";
}
