import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { ShapeError } from "../../input/shape.ts";
import type { MirrorMembers } from "./config.ts";
import { Refusal } from "../refusal.ts";
import { consumer, producer, type Role } from "../role.ts";
import { addOptions, withOptions } from "./option_members.ts";
import { isRemote, parseRemote } from "./remote.ts";

const READERS = { parseFilter: String, remote: { isRemote, parseRemote } };
const GRE = { type: "gre", address: "192.0.2.10" } as const;
const WANTED = [{ name: "m", columns: [] }];

/** What mirrors named `m` get besides their name and columns. */
function added(role: Role, ...members: Omit<MirrorMembers, "name">[]) {
  const named = members.map((one): MirrorMembers => ({ name: "m", ...one }));
  const [{ name: _, columns: _1, ...extras }] = addOptions(role, named, WANTED, READERS) as [
    ReturnType<typeof addOptions>[number],
  ];
  return extras;
}

Deno.test("addOptions() takes what is asked for, and null, false and nothing for nothing", () => {
  const remote = parseRemote(GRE, "remote");
  const cases: [Role, object, ...Omit<MirrorMembers, "name">[]][] = [
    [consumer, {}, {}],
    [consumer, {}, { all: null, vlans: null, snaplen: null, filter: null, shared: null }],
    [consumer, {}, { all: false, shared: false }],
    [consumer, { options: { all: true } }, { all: true }],
    [consumer, { shared: true, options: { snaplen: 64 } }, { shared: true, snaplen: 64 }],
    [consumer, { options: { filter: "tcp" } }, { filter: "tcp" }],
    // In any order, and twice alike.
    [consumer, { options: { vlans: [3, 20] } }, { vlans: [20, 3] }, { vlans: [3, 20] }],
    [producer, {}, { all: null, vlans: null, remote: null }],
    [producer, { remote }, { remote: GRE }],
    [producer, { remote }, { remote: GRE }, { remote: { ...GRE, ttl: 64 } }],
    [producer, { remote, options: { snaplen: 64, filter: "tcp" } }, {
      remote: GRE,
      snaplen: 64,
      filter: "tcp",
    }],
  ];
  for (const [role, expected, ...members] of cases) {
    assertEquals(added(role, ...members), expected, JSON.stringify(members));
  }
});

Deno.test("addOptions() gives each mirror its own", () => {
  const names = ["a", "b", "c"];
  const wanted = names.map((name) => ({ name, columns: [] }));
  const members = [{ name: "b", snaplen: 64 }, { name: "c", shared: true }];
  assertEquals(addOptions(consumer, members, wanted, READERS), [
    wanted[0]!,
    { ...wanted[1]!, options: { snaplen: 64 } },
    { ...wanted[2]!, shared: true },
  ]);
});

Deno.test("addOptions() refuses what the role may not say, and what contradicts itself", () => {
  const far = { ...GRE, address: "192.0.2.11" };
  const cases: [Role, message: string, ...Omit<MirrorMembers, "name">[]][] = [
    [producer, 'mirrors[1], "m", of a producer has "shared"', {}, { shared: true }],
    [producer, 'of a producer has "all"', { all: false }],
    [producer, 'of a producer has "snaplen"', { snaplen: 64 }],
    [producer, 'of a producer has "vlans"', { vlans: [1], remote: GRE }],
    [producer, 'of a producer has "shared"', { shared: true, snaplen: 64, remote: GRE }],
    [consumer, 'mirrors[0], "m", of a consumer has "remote"', { remote: GRE }],
    [consumer, '"mirrors[1].vlans" has a VLAN twice', {}, { vlans: [1, 2, 1] }],
    [consumer, 'mirrors[1] asks for other packets of "m" than before', {}, { all: true }],
    [consumer, "mirrors[1] asks for other packets", { snaplen: 64 }, { snaplen: 65 }],
    [consumer, "mirrors[2] asks for other packets", {}, {}, { shared: true }],
    [producer, 'sends "m" to gre:192.0.2.11, and before it is sent to gre:192.0.2.10', {
      remote: GRE,
    }, { remote: far }],
    [producer, "mirrors[1] asks for other packets", { remote: GRE }, { remote: GRE, snaplen: 64 }],
    [producer, "mirrors[1] asks for other packets", { remote: GRE }, {}],
    [producer, "mirrors[1] asks for other packets", {}, { remote: GRE }],
  ];
  for (const [role, message, ...members] of cases) {
    const error = assertThrows(() => added(role, ...members), Refusal);
    assertStringIncludes(error.message, message);
  }
  const odd = { remote: { ...GRE, ttl: "9" } } as unknown as MirrorMembers;
  assertThrows(() => added(producer, odd), ShapeError);
});

Deno.test("withOptions() checks filters and far ends, of whichever mirror has one", async () => {
  const cases: [Role, message: string, ...Omit<MirrorMembers, "name">[]][] = [
    [consumer, "the filter is empty", { filter: "" }],
    [consumer, "the filter is empty", { filter: null }, { filter: "" }],
    [producer, 'unknown member "mirrors[1].remote.adress"', {}, {
      remote: { ...GRE, adress: "x" } as typeof GRE,
    }],
    [producer, '"mirrors[1].remote.address" "127.0.0.1" is the node\'s own', { remote: null }, {
      remote: { ...GRE, address: "127.0.0.1" },
    }],
  ];
  for (const [role, message, ...members] of cases) {
    const named = members.map((one, index): MirrorMembers => ({ name: `m${index}`, ...one }));
    await assertRejects(() => withOptions(role, named, WANTED), Refusal, message);
  }
});
