/**
 * What a consumer's configuration says about the packets that it gets. Loaded only if it does.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import type { MirrorMembers, WantedMirror } from "./config.ts";
import type { MirrorOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import type { Role } from "./role.ts";

/** The members that only a consumer has. */
const TAP_MEMBERS = ["shared", "all", "vlans", "snaplen", "filter"] as const;

/**
 * Adds to the mirrors what a configuration says about their packets.
 *
 * @param role The role of the port.
 * @param members The mirrors as the configuration has them.
 * @param wanted The mirrors, each name once.
 * @returns The mirrors, with options.
 * @throws {Refusal} No switch could do it, or a producer says it.
 */
export async function withTaps(
  role: Role,
  members: readonly MirrorMembers[],
  wanted: readonly WantedMirror[],
): Promise<WantedMirror[]> {
  const taps = new Map<string, Pick<WantedMirror, "shared" | "options">>();
  for (const [index, mirror] of members.entries()) {
    if (role.name === "producer") refuseOfProducer(mirror, index);
    const tap = await readTap(mirror, index);
    const before = taps.get(mirror.name);
    if (before && JSON.stringify(before) !== JSON.stringify(tap)) {
      const message = `mirrors[${index}] asks for other packets of ${
        quote(mirror.name)
      } than before`;
      throw invalid(message, "name each mirror once");
    }
    taps.set(mirror.name, tap);
  }
  return wanted.map((mirror) => ({ ...mirror, ...taps.get(mirror.name) }));
}

function refuseOfProducer(mirror: MirrorMembers, index: number): void {
  const name = TAP_MEMBERS.find((name) => mirror[name] !== undefined && mirror[name] !== null);
  if (name === undefined) return;
  throw invalid(
    `mirrors[${index}], ${quote(mirror.name)}, of a producer has "${name}"`,
    "it is the consumer that says which packets it gets: move it to the ovs-mirror-consumer",
  );
}

async function readTap(
  { shared, all, vlans, snaplen, filter }: MirrorMembers,
  index: number,
): Promise<Pick<WantedMirror, "shared" | "options">> {
  if (vlans && new Set(vlans).size < vlans.length) {
    throw invalid(`"mirrors[${index}].vlans" has a VLAN twice`, "name each VLAN once");
  }
  const options: MirrorOptions = {
    ...(all && { all }),
    ...(vlans && { vlans: vlans.toSorted((a, b) => a - b) }),
    ...(snaplen && { snaplen }),
    ...(typeof filter === "string" && { filter: await checkFilter(filter) }),
  };
  return {
    ...(shared && { shared }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

async function checkFilter(filter: string): Promise<string> {
  const { parseFilter } = await import("./filter.ts");
  return parseFilter(filter);
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
