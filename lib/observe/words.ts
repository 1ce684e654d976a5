/**
 * Descriptions of mirrors, the same in all formats for people.
 *
 * @module
 */

import { OWNER } from "../mirror/snapshot/snapshot.ts";
import { printable } from "../text/text.ts";
import { type Mirror, type MirrorRow, type Source, totals } from "./model.ts";
import type { HandAttachment, Port } from "./port.ts";
import { notesOn, tunnelName } from "./tunnel.ts";
import { formatBytes } from "./units.ts";
import type { JudgedMirror, JudgedRow } from "./verdict.ts";

/** Sources that are listed one by one; of the others, their number is told. */
const MAX_SOURCES = 8;

/** VLANs that are listed. */
const MAX_VLANS = 8;

/** The ports and pods that were asked for, to be shown first. */
export interface Interest {
  /** True if mirrors were asked for by name, so that all of their ports are to be listed. */
  complete: boolean;
  /** Pods that were asked for, as `namespace/name`. */
  pods: readonly string[];
}

/** Nothing was asked for by name. */
export const NO_INTEREST: Interest = { complete: false, pods: [] };

/** A port or a group of ports at one end of a mirror. */
export interface MirrorEnd {
  /** Its role in the mirror; empty for sources that are only counted. */
  role: string;
  /** Its name. */
  name: string;
  /** The pod that it belongs to, if its name is known. */
  podName?: string;
  /** Other marks of the pod, as far as known. */
  pod: readonly string[];
  /** Further remarks. */
  notes: readonly string[];
  /** True if it is one port; if not, the name describes several or a VLAN. */
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
 * @returns `ours` if the plugins made it; all who made one of its rows.
 */
export function ownerOf({ rows }: Mirror): string {
  const owners = rows.map(({ owner }) =>
    owner === undefined ? "nobody" : owner === OWNER ? "ours" : nameOf(owner)
  );
  return Array.from(new Set(owners)).join("+");
}

/**
 * Lists what a mirror takes packets from.
 *
 * @param interest What was asked for.
 * @returns Some sources, those of most interest first, and the number of the others.
 */
export function sourcesOf({ sources, rows }: Mirror, interest: Interest): MirrorEnd[] {
  const all = interest.complete || sources.length <= MAX_SOURCES;
  const rank = ({ pod, state }: Source) =>
    pod !== undefined && interest.pods.includes(pod) ? 0 : state ? 1 : 2;
  const listed = all
    ? sources
    : sources.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_SOURCES);
  const more = sources.length - listed.length;
  return [
    ...rows.some(({ allPorts }) => allPorts) ? [severalEnd("ingress+egress", "all ports")] : [],
    ...listed.map((source) => portEnd(directionOf(source), source, handNotes(source))),
    ...more > 0 ? [severalEnd("", `and ${more} more`)] : [],
  ];
}

/**
 * Tells where a mirror's packets go.
 *
 * @returns Its outputs; with what each of them gets and how it is, if that is not the same.
 */
export function outputsOf(mirror: JudgedMirror): MirrorEnd[] {
  const several = mirror.rows.length > 1;
  const verdicts = new Set(mirror.rows.flatMap(({ verdict }) => verdict?.words.join() ?? []));
  const differ = commonLimits(mirror) === undefined;
  return mirror.rows.flatMap((row) => {
    const notes = [
      ...differ && row.allPorts ? ["all ports"] : [],
      ...differ ? limitsOfRow(row) : [],
      ...verdicts.size > 1 ? verdictOf(row) : [],
      ...several ? countsOf(row) : [],
    ];
    const { output } = row;
    switch (output?.kind) {
      case undefined:
        return [];
      case "port":
        return [portEnd("output", output, [...handNotes(output), ...notes])];
      case "vlan":
        return [severalEnd("output", `VLAN ${output.vlan}`, notes)];
      default:
        return output satisfies never;
    }
  });
}

/** That a port is down stands beside its name. */
function verdictOf({ verdict }: JudgedRow): readonly string[] {
  return verdict?.problems.includes("outputDown") ? [] : verdict?.words ?? [];
}

/**
 * Tells which packets a mirror is limited to, and how much of them.
 *
 * @returns Phrases; none if its rows differ, see {@linkcode outputsOf}.
 */
export function limitsOf(mirror: Mirror): readonly string[] {
  return commonLimits(mirror) ?? [];
}

function commonLimits({ rows }: Mirror): string[] | undefined {
  const [first, ...others] = rows.map((row) => ({ allPorts: row.allPorts, all: limitsOfRow(row) }));
  const isSame = (other: typeof first) => JSON.stringify(other) === JSON.stringify(first);
  return others.every(isSame) ? first!.all : undefined;
}

function limitsOfRow({ vlans, filter, snaplen }: MirrorRow): string[] {
  const more = vlans.length - MAX_VLANS;
  const listed = vlans.slice(0, MAX_VLANS).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return [
    ...vlans.length > 0 ? [`VLAN ${listed}`] : [],
    ...filter === undefined ? [] : [`filter ${nameOf(filter)}`],
    ...snaplen === undefined ? [] : [`first ${snaplen} bytes`],
  ];
}

/** Describes the traffic to one of several outputs. */
function countsOf(row: MirrorRow): string[] {
  const { packets, bytes, isCut, dropped, isLeast } = totals({ rows: [row] });
  return [
    ...packets !== undefined ? [`${packets} packets, ${atMost(isCut)}${formatBytes(bytes!)}`] : [],
    ...dropped ? [`${atLeast(isLeast)}${dropped} dropped`] : [],
  ];
}

/**
 * Marks a number that may be less.
 *
 * @param isCut Whether it may.
 * @returns What stands before it.
 */
export function atMost(isCut: boolean | undefined): string {
  return isCut ? "<=" : "";
}

/**
 * Marks a number that may be more.
 *
 * @param isLeast Whether it may.
 * @returns What stands before it.
 */
export function atLeast(isLeast: boolean | undefined): string {
  return isLeast ? ">=" : "";
}

/** An existing attachment stays; a new ADD would be refused. JSON has the reason. */
const REFUSED = "the policy would refuse it now";

function portEnd(role: string, port: Port, notes: readonly string[] = []): MirrorEnd {
  const marks: [string, string | undefined][] = [["", port.interface]];
  // Whoever knows the name needs no numbers.
  if (port.pod === undefined) marks.push(["pod ", port.podUid], ["netns ", port.netns]);
  const pod = marks.flatMap(([word, value]) => value === undefined ? [] : [word + nameOf(value)]);
  const podName = port.pod === undefined ? undefined : nameOf(port.pod);
  const state = port.state === undefined
    ? []
    : [port.state + (port.error ? ` (${printable(port.error)})` : "")];
  return {
    role,
    name: port.tunnel ? printable(tunnelName(port.tunnel)) : nameOf(port.name),
    podName,
    pod,
    notes: [
      ...state,
      ...port.refused ? [REFUSED] : [],
      ...port.tunnel ? notesOn(port.tunnel) : [],
      ...notes,
    ],
    isPort: true,
  };
}

/** The day is told where it is not today. */
function handNotes({ byHand }: { byHand?: HandAttachment }): string[] {
  if (!byHand) return [];
  const [day, time] = byHand.until?.slice(0, 16).split("T") ?? [];
  const isToday = day === new Date().toISOString().slice(0, 10);
  return [`by hand${time ? `, until ${isToday ? "" : `${day} `}${time} UTC` : ""}`];
}

function severalEnd(role: string, name: string, notes: readonly string[] = []): MirrorEnd {
  return { role, name, pod: [], notes, isPort: false };
}

function directionOf({ ingress, egress }: Source): string {
  if (ingress && egress) return "ingress+egress";
  return ingress ? "ingress" : "egress";
}
