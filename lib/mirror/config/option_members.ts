/**
 * What a consumer's configuration says about the packets that it gets. Loaded only if it does.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { consumerMembersOf, type MirrorMembers, type WantedMirror } from "./config.ts";
import { type MirrorOptions, OPTION_NAMES } from "./options.ts";
import { Refusal } from "../refusal.ts";
import type { Role } from "../role.ts";

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
  const said = new Map<string, Pick<WantedMirror, "shared" | "options">>();
  members.forEach((mirror, index) => {
    if (role.name === "producer") refuseOfProducer(mirror, index);
    const options = readOptions(mirror, index, checkFilter);
    const before = said.get(mirror.name);
    if (before && JSON.stringify(before) !== JSON.stringify(options)) {
      const message = `mirrors[${index}] asks for other packets of ${
        quote(mirror.name)
      } than before`;
      throw invalid(message, "name each mirror once");
    }
    said.set(mirror.name, options);
  });
  return wanted.map((mirror) => ({ ...mirror, ...said.get(mirror.name) }));
}

function refuseOfProducer(mirror: MirrorMembers, index: number): void {
  const [name] = consumerMembersOf(mirror);
  if (name === undefined) return;
  throw invalid(
    `mirrors[${index}], ${quote(mirror.name)}, of a producer has "${name}"`,
    "it is the consumer that says which packets it gets: move it to the ovs-mirror-consumer",
  );
}

function readOptions(
  { shared, ...mirror }: MirrorMembers,
  index: number,
  checkFilter: (text: string) => string,
): Pick<WantedMirror, "shared" | "options"> {
  const { vlans, filter } = mirror;
  if (vlans && new Set(vlans).size < vlans.length) {
    throw invalid(`"mirrors[${index}].vlans" has a VLAN twice`, "name each VLAN once");
  }
  // What a member is if not taken as it is.
  const read: MirrorOptions = {
    vlans: vlans?.toSorted((a, b) => a - b),
    filter: typeof filter === "string" ? checkFilter(filter) : undefined,
  };
  const names = OPTION_NAMES.filter((name) => (mirror[name] ?? false) !== false);
  const options = Object.fromEntries(names.map((name) => [name, read[name] ?? mirror[name]]));
  return {
    ...(shared && { shared }),
    ...(names.length > 0 && { options }),
  };
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
