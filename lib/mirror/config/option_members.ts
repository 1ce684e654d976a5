/**
 * What a consumer's configuration says about the packets that it gets. Loaded only if it does.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import type { MirrorMembers, WantedMirror } from "./config.ts";
import type { MirrorOptions } from "./options.ts";
import { Refusal } from "../refusal.ts";
import type { Role } from "../role.ts";

/** The members that only a consumer has. */
export const OPTION_MEMBERS = ["shared", "all", "vlans", "snaplen", "filter"] as const;

/**
 * Tells which members of a mirror only a consumer may say.
 *
 * @param mirror What a configuration says about a mirror.
 * @returns Those of them that say something.
 */
export function optionMembersOf(mirror: MirrorMembers): typeof OPTION_MEMBERS[number][] {
  return OPTION_MEMBERS.filter((name) => mirror[name] !== undefined && mirror[name] !== null);
}

/**
 * Adds to the mirrors what a configuration says about their packets. What checks filters is loaded
 * only if there is one.
 *
 * @param role The role of the port.
 * @param members The mirrors as the configuration has them.
 * @param wanted The mirrors, each name once.
 * @returns The mirrors, with options.
 * @throws {Refusal} No switch could do it, or a producer says it.
 */
export async function withOptions(
  role: Role,
  members: readonly MirrorMembers[],
  wanted: readonly WantedMirror[],
): Promise<WantedMirror[]> {
  const isFiltered = members.some(({ filter }) => typeof filter === "string");
  const { parseFilter } = isFiltered
    ? await import("../filter/filter.ts")
    : { parseFilter: (text: string) => text };
  return addOptions(role, members, wanted, parseFilter);
}

/**
 * Adds to the mirrors what a configuration says about their packets.
 *
 * @param role The role of the port.
 * @param members The mirrors as the configuration has them.
 * @param wanted The mirrors, each name once.
 * @param checkFilter Checks a filter.
 * @returns The mirrors, with options.
 * @throws {Refusal} No switch could do it, or a producer says it.
 */
export function addOptions(
  role: Role,
  members: readonly MirrorMembers[],
  wanted: readonly WantedMirror[],
  checkFilter: (text: string) => string,
): WantedMirror[] {
  const planned = new Map<string, Pick<WantedMirror, "shared" | "options">>();
  members.forEach((mirror, index) => {
    if (role.name === "producer") refuseOfProducer(mirror, index);
    const rowOptions = readOptions(mirror, index, checkFilter);
    const before = planned.get(mirror.name);
    if (before && JSON.stringify(before) !== JSON.stringify(rowOptions)) {
      const message = `mirrors[${index}] asks for other packets of ${
        quote(mirror.name)
      } than before`;
      throw invalid(message, "name each mirror once");
    }
    planned.set(mirror.name, rowOptions);
  });
  return wanted.map((mirror) => ({ ...mirror, ...planned.get(mirror.name) }));
}

function refuseOfProducer(mirror: MirrorMembers, index: number): void {
  const [name] = optionMembersOf(mirror);
  if (name === undefined) return;
  throw invalid(
    `mirrors[${index}], ${quote(mirror.name)}, of a producer has "${name}"`,
    "it is the consumer that says which packets it gets: move it to the ovs-mirror-consumer",
  );
}

function readOptions(
  { shared, all, vlans, snaplen, filter }: MirrorMembers,
  index: number,
  checkFilter: (text: string) => string,
): Pick<WantedMirror, "shared" | "options"> {
  if (vlans && new Set(vlans).size < vlans.length) {
    throw invalid(`"mirrors[${index}].vlans" has a VLAN twice`, "name each VLAN once");
  }
  const options: MirrorOptions = {
    ...(all && { all }),
    ...(vlans && { vlans: vlans.toSorted((a, b) => a - b) }),
    ...(snaplen && { snaplen }),
    ...(typeof filter === "string" && { filter: checkFilter(filter) }),
  };
  return {
    ...(shared && { shared }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
