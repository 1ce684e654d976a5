/**
 * Generated switches and requests. Names are few, so that things meet.
 *
 * @module
 */

import * as fc from "fast-check";
import { consumer, producer } from "../../../lib/mirror/role.ts";
import { OWNER } from "../../../lib/mirror/snapshot/snapshot.ts";
import type { Value } from "../../../lib/ovsdb/value.ts";
import type { MirrorCall } from "../semantics/call.ts";
import { refusals } from "../semantics/refusals.ts";
import { build, type Filling, type Layout, type MirrorLayout, type PortLayout } from "./layout.ts";

const BRIDGES = ["br1", "br2", "br3"];
const PORTS = ["p1", "p2", "p3", "p4"];
const MIRRORS = ["m1", "m2"];
const OTHER_OWNER = "someone.else";

/** Most often the first bridge, which most requests are about. */
const bridgeName = fc.constantFrom(...Array<string>(6).fill("br1"), "br2", "br3");
const netns = fc.constantFrom("/netns/1", "/netns/2");
const ifname = fc.constantFrom("eth1", "eth2");

/** Now and then a value, otherwise none. */
function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  const none = fc.constant(undefined);
  return fc.oneof({ weight: 4, arbitrary: none }, { weight: 1, arbitrary: value });
}

const port = (name: string): fc.Arbitrary<PortLayout> =>
  fc.record({
    name: fc.constant(name),
    bridge: bridgeName,
    marks: fc.option(fc.record({ contNetns: netns, contIface: ifname }), { nil: undefined }),
  });

/** Now and then something that makes a mirror useful, or one that a port can't be the output of. */
const others: fc.Arbitrary<Record<string, Value>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, Value>[]>(
      { select_all: true },
      { select_vlan: ["set", [1, 2]] },
      { select_vlan: 7 },
      { output_vlan: 9 },
      { output_vlan: ["set", [4095]] },
      { snaplen: 96 },
    ),
  },
);

const somePorts = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.subarray(PORTS) },
);

const mirror: fc.Arbitrary<MirrorLayout> = fc.record({
  name: fc.constantFrom(...MIRRORS),
  bridge: bridgeName,
  owner: fc.constantFrom(OWNER, OWNER, OTHER_OWNER, undefined),
  src: somePorts,
  dst: somePorts,
  output: rarely(fc.constantFrom(...PORTS)),
  others,
});

/** About as many mirrors as a switch carries. */
const filling: fc.Arbitrary<Filling> = fc.record({
  bridge: fc.constant("br1"),
  useful: fc.integer({ min: 27, max: 33 }),
  removable: fc.nat({ max: 3 }),
});

/** A switch. */
export const layout: fc.Arbitrary<Layout> = fc.record({
  bridges: fc.oneof(
    { weight: 15, arbitrary: fc.constant(BRIDGES) },
    { weight: 1, arbitrary: fc.subarray(BRIDGES) },
  ),
  ports: fc.oneof(
    { weight: 5, arbitrary: fc.tuple(...PORTS.map(port)) },
    { weight: 1, arbitrary: fc.subarray(PORTS).chain((names) => fc.tuple(...names.map(port))) },
  ),
  mirrors: fc.array(mirror, { maxLength: 4 }),
  filling: rarely(filling),
});

const wanted = (columns: fc.Arbitrary<MirrorCall["mirrors"][number]["columns"]>) =>
  fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...MIRRORS, "new"), columns }),
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  );

const about = {
  bridge: fc.constantFrom(...Array<string>(12).fill("br1"), "br2", "br9"),
  ports: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PORTS).map((name) => [name]) },
    { weight: 1, arbitrary: fc.subarray([...PORTS, "gone"], { maxLength: 3 }) },
  ),
  attachment: fc.record({ netns, ifname }),
};

/** What a plugin is asked for. */
export const call: fc.Arbitrary<MirrorCall> = fc.oneof(
  fc.record({
    role: fc.constant(producer),
    mirrors: wanted(
      fc.constantFrom(["select_src_port"], ["select_dst_port"], [
        "select_src_port",
        "select_dst_port",
      ]),
    ),
    ...about,
  }),
  fc.record({
    role: fc.constant(consumer),
    mirrors: wanted(fc.constant(["output_port"])),
    ...about,
  }),
).map(readable);

/** Prints a request with the role's name only. */
function readable(call: MirrorCall): MirrorCall {
  const text = JSON.stringify({ ...call, role: call.role.name });
  return Object.defineProperty({ ...call }, fc.toStringMethod, { value: () => text });
}

/** A switch and a request that it allows. */
export const attachable: fc.Arbitrary<{ layout: Layout; call: MirrorCall }> = fc
  .record({ layout, call })
  .filter(({ layout, call }) => refusals(build(layout).tables, call).size === 0);
