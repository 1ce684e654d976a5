/**
 * Calls at the same time, and what was attached before.
 *
 * @module
 */

import type { PluginRequest } from "../../../lib/cni/skel.ts";
import { consumer, producer } from "../../../lib/mirror/role.ts";
import type { MirrorCall } from "../semantics/call.ts";
import { MOST_MIRRORS, ROLES as PROMISES } from "../semantics/promises.ts";
import { build, type Layout, type MirrorLayout } from "../switch/layout.ts";
import { containerOf, requestFor } from "../switch/request.ts";
import type { Act, Beginning } from "./explore.ts";
import { AT_ONCE, World } from "./world.ts";

/** One of the calls. */
export interface Party {
  command: Exclude<PluginRequest["command"], "STATUS">;
  /** The attachment that it is about; for GC, one that is gone. */
  call: MirrorCall;
}

/** Calls that happen at the same time. */
export interface Scenario {
  layout: Layout;
  parties: readonly Party[];
  /** Number of them that are killed or cut off, at any moment. */
  faults: number;
}

/** Whether an attachment is there before the calls begin. */
function isBefore({ command }: Party): boolean {
  return command !== "ADD";
}

/**
 * Makes what was attached before.
 *
 * @returns Where they begin; nothing if not all of that can be attached.
 */
export async function begin(
  { layout, parties, faults }: Scenario,
): Promise<Beginning | undefined> {
  const world = new World(build(layout).tables);
  for (const { call } of parties.filter(isBefore)) {
    const request = requestFor("ADD", call);
    const { code } = await world.call(containerOf(call), call.role, request, AT_ONCE);
    if (code !== 0) return undefined;
  }
  const valid = parties.filter(({ command }) => command === "ADD" || command === "CHECK")
    .map(({ call }) => call);
  const acts = parties.map(({ command, call }): Act => (
    { role: call.role, request: requestFor(command, call, { valid }) }
  ));
  return { tables: world.tables, files: world.files, acts, faults };
}

const ROLES = { producer, consumer };

/** A kind of call. */
export interface Kind {
  role: keyof typeof ROLES;
  command: Party["command"];
}

/** Everything that can go on at the same time as something else. */
export const KINDS: readonly Kind[] = (["producer", "consumer"] as const).flatMap((role) =>
  (["ADD", "CHECK", "DEL", "GC"] as const).map((command) => ({ role, command }))
);

/** The setting of calls. */
export interface Setting {
  /** Names of the mirrors of the party of a number; a producer is in all of them. */
  mirrors(party: number): readonly string[];
  /** The bridge of the party of a number; `br1` unless told. */
  bridge?(party: number): string;
  /** Whether consumers take part in a mirror that has one. */
  shared?: true;
  /** Mirrors that are there before. */
  before?: readonly MirrorLayout[];
}

const THEIRS = { bridge: "br1", owner: "somebody else" };

/** Settings in which calls get into each other's way. */
export const SETTINGS = {
  "one mirror": { mirrors: () => ["m1"] },
  "one mirror, shared": { mirrors: () => ["m1"], shared: true },
  "two mirrors": { mirrors: () => ["m1", "m2"] },
  "somebody else's mirror": {
    mirrors: () => ["m1"],
    before: [{ ...THEIRS, name: "m1", src: ["other"] }],
  },
  "one name on two bridges": { mirrors: () => ["m1"], bridge: (party) => `br${1 + party % 2}` },
  "place for one mirror more": {
    mirrors: (party) => [`m${party}`],
    before: Array.from({ length: MOST_MIRRORS - 1 }, (_, i) => ({ ...THEIRS, name: `theirs${i}` })),
  },
} satisfies Record<string, Setting>;

/**
 * Makes calls at the same time, each of an attachment of its own.
 *
 * @param kinds What the calls are.
 * @param setting Where they take place.
 * @param faults How many of the calls are killed or cut off.
 */
export function scenarioOf(
  kinds: readonly Kind[],
  { mirrors, bridge = () => "br1", shared, before = [] }: Setting,
  faults: number,
): Scenario {
  let consumers = 0;
  const parties = kinds.map(({ role, command }, party): Party => {
    const all = mirrors(party);
    const names = role === "producer" ? all : [all[consumers++ % all.length]!];
    return {
      command,
      call: {
        role: ROLES[role],
        bridge: bridge(party),
        mirrors: names.map((name) => ({
          name,
          columns: [...PROMISES[role].columns],
          ...role === "consumer" && shared && { shared },
        })),
        ports: [`p${party}`],
        attachment: { containerId: `pod${party}`, netns: `/netns/${party}`, ifname: "eth1" },
      },
    };
  });
  const ports = parties.map(({ call }) => ({ name: call.ports[0]!, bridge: call.bridge }));
  ports.push({ name: "other", bridge: "br1" });
  return { layout: { bridges: ["br1", "br2"], ports, mirrors: before }, parties, faults };
}

/** All ways to choose some of many, the same one more than once if need be. */
export function choices<Item>(items: readonly Item[], count: number): Item[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) =>
    choices(items.slice(index), count - 1).map((others) => [item, ...others])
  );
}
