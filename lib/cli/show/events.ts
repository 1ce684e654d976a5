/**
 * Changes of mirrors between two looks: ports that joined or left.
 *
 * @module
 */

import type { JudgedMirror } from "../../observe/verdict.ts";
import { type MirrorEnd, outputsOf, sourcesOf } from "../../observe/words.ts";

/** Events of one mirror that are told one by one; of the others, their number is told. */
const MAX_EVENTS = 20;

/** Every port has to be seen to know which of them are new. */
const EVERYTHING = { complete: true, pods: [] };

/**
 * Tells who joined and who left.
 *
 * @param before The mirror as it was.
 * @param after The mirror as it is.
 * @returns A phrase for each port.
 */
export function events(before: JudgedMirror, after: JudgedMirror): string[] {
  const old = endsOf(before), now = endsOf(after);
  const left = Array.from(old).filter(([key]) => !now.has(key))
    .map(([, end]) => `${describe(end)} left, was ${end.role}`);
  const joined = Array.from(now).filter(([key]) => !old.has(key))
    .map(([, end]) => `${describe(end)} joined as ${end.role}`);
  const all = [...left, ...joined];
  const more = all.length - MAX_EVENTS;
  return more > 0 ? [...all.slice(0, MAX_EVENTS), `${more} more joined or left`] : all;
}

function endsOf(mirror: JudgedMirror): Map<string, MirrorEnd> {
  const ends = [...sourcesOf(mirror, EVERYTHING), ...outputsOf(mirror)];
  return new Map(ends.map((end) => [`${end.role} ${end.name}`, end]));
}

function describe({ name, podName }: MirrorEnd): string {
  return podName ? `${podName} (${name})` : name;
}
