/**
 * Reads options for the packets that an output gets, of a consumer or of a producer that sends
 * copies to a far end. Loaded only if there are any.
 *
 * @module
 */

import { quote, ShapeError } from "../../input/shape.ts";
import { consumerMembersOf, type MirrorMembers, type WantedMirror } from "./config.ts";
import { type MirrorOptions, OPTION_NAMES } from "./options.ts";
import type { isRemote, parseRemote } from "./remote.ts";
import { Refusal } from "../refusal.ts";
import type { Role } from "../role.ts";

/** The options that a producer may have too, if it sends copies to a far end. */
export const OPTIONS_OF_REMOTE: readonly string[] = ["snaplen", "filter"];

/** Readers of members whose code is loaded only if they are used. */
export interface Readers {
  /** Checks a filter. */
  parseFilter(text: string): string;
  /** Checks and reads a far end. */
  remote?: { isRemote: typeof isRemote; parseRemote: typeof parseRemote };
}

/**
 * Adds the configuration's options to the mirrors. Code for filters and far ends is loaded only
 * if there are any.
 *
 * @param role The role of the port.
 * @param members The mirrors as the configuration has them.
 * @param wanted The mirrors, each name once.
 * @returns The mirrors, with options.
 * @throws {Refusal} No switch could do it, or it is a producer's.
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
  const leaves = members.some(({ remote }) => remote);
  const remote = leaves ? await import("./remote.ts") : undefined;
  members.forEach((mirror, index) => {
    if (mirror.remote) remote?.refuseMisspelt(mirror.remote, `mirrors[${index}].remote`);
  });
  return addOptions(role, members, wanted, { parseFilter, remote });
}

/**
 * Adds the configuration's options to the mirrors.
 *
 * @param role The role of the port.
 * @param members The mirrors as the configuration has them.
 * @param wanted The mirrors, each name once.
 * @param readers Read filters and far ends.
 * @returns The mirrors, with options.
 * @throws {Refusal} No switch could do it, or the role has no such option.
 * @throws {ShapeError} A member of `remote` is of the wrong type.
 */
export function addOptions(
  role: Role,
  members: readonly MirrorMembers[],
  wanted: readonly WantedMirror[],
  readers: Readers,
): WantedMirror[] {
  const said = new Map<string, Extras>();
  members.forEach((mirror, index) => {
    if (role.name === "producer") refuseOfProducer(mirror, index);
    else if (mirror.remote) throw ofTheOther(mirror, index, role.name, "remote", TO_PRODUCER);
    const extras = readExtras(members, index, readers);
    const before = said.get(mirror.name);
    if (before && JSON.stringify(before) !== JSON.stringify(extras)) {
      throw invalid(differing(mirror.name, index, before, extras), "name each mirror once");
    }
    said.set(mirror.name, extras);
  });
  return wanted.map((mirror) => ({ ...mirror, ...said.get(mirror.name) }));
}

/** The members of a mirror besides its name and columns. */
type Extras = Pick<WantedMirror, "shared" | "options" | "remote">;

function differing(name: string, index: number, before: Extras, extras: Extras): string {
  return before.remote && extras.remote && before.remote.text !== extras.remote.text
    ? `mirrors[${index}] sends ${quote(name)} to ${extras.remote.text}, and before it is sent to ` +
      before.remote.text
    : `mirrors[${index}] asks for other packets of ${quote(name)} than before`;
}

function refuseOfProducer(mirror: MirrorMembers, index: number): void {
  const [name] = consumerMembersOf(mirror)
    .filter((name) => !mirror.remote || !OPTIONS_OF_REMOTE.includes(name));
  if (name !== undefined) throw ofTheOther(mirror, index, "producer", name, TO_CONSUMER);
}

const TO_CONSUMER =
  "it is the consumer that says which packets it gets: move it to the ovs-mirror-consumer";
const TO_PRODUCER =
  "it is the producer that sends copies beyond the node: move it to the ovs-mirror-producer";

function ofTheOther(
  mirror: MirrorMembers,
  index: number,
  role: Role["name"],
  member: string,
  hint: string,
): Refusal {
  return invalid(
    `mirrors[${index}], ${quote(mirror.name)}, of a ${role} has "${member}"`,
    hint,
  );
}

function readExtras(
  members: readonly MirrorMembers[],
  index: number,
  { parseFilter, remote: remotes }: Readers,
): Extras {
  const { shared, remote, ...mirror } = members[index]!;
  const { vlans, filter } = mirror;
  if (vlans && new Set(vlans).size < vlans.length) {
    throw invalid(`"mirrors[${index}].vlans" has a VLAN twice`, "name each VLAN once");
  }
  if (remote && !remotes!.isRemote(remote)) {
    throw new ShapeError("configuration", { mirrors: members }, "the configuration");
  }
  // Members whose values are converted.
  const read: MirrorOptions = {
    vlans: vlans?.toSorted((a, b) => a - b),
    filter: typeof filter === "string" ? parseFilter(filter) : undefined,
  };
  const names = OPTION_NAMES.filter((name) => (mirror[name] ?? false) !== false);
  const options = Object.fromEntries(names.map((name) => [name, read[name] ?? mirror[name]]));
  return {
    ...(shared && { shared }),
    ...(names.length > 0 && { options }),
    ...(remote && { remote: remotes!.parseRemote(remote, `mirrors[${index}].remote`) }),
  };
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
