import { assertEquals } from "@std/assert";
import type { Mutation } from "../../ovsdb/operation.ts";
import { uuidSet } from "../../ovsdb/value.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import {
  consumerCall,
  exampleSwitch,
  producerCall,
  SOMEONE_ELSE,
} from "../../../tests/model/switch/examples.ts";
import { build, type Layout } from "../../../tests/model/switch/layout.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { del } from "../../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";
import { chooseDetachment, ownPorts, planDetach } from "./detach.ts";
import { producer } from "../role.ts";
import { OWNER, type Snapshot } from "../snapshot/snapshot.ts";

const OURS = { name: "m1", bridge: "br1", owner: OWNER };

/** The mirrors after a DEL. */
async function deleted(layout: Layout, call: MirrorCall) {
  const database = build(layout);
  await del(openSession(database).session, call);
  return mirrorsIn(database.tables);
}

Deno.test("planDetach() takes a producer out of both directions, and the mirror goes if it is empty", async () => {
  const full = { ...OURS, src: ["p1", "p2"], dst: ["p1"], output: undefined };
  assertEquals(await deleted(exampleSwitch(full), producerCall()), [
    { ...full, src: ["p2"], dst: [] },
  ]);
  assertEquals(await deleted(exampleSwitch({ ...OURS, src: ["p1"] }), producerCall()), []);
});

Deno.test("planDetach() takes a consumer from the output, and leaves it as a source", async () => {
  const mirror = { ...OURS, src: ["p1"], dst: [], output: "p1" };
  assertEquals(await deleted(exampleSwitch(mirror), consumerCall()), [
    { ...mirror, output: undefined },
  ]);
});

Deno.test("planDetach() leaves the output of another port", async () => {
  const mirror = { ...OURS, src: [], dst: [], output: "p2" };
  assertEquals(await deleted(exampleSwitch(mirror), consumerCall()), [mirror]);
});

Deno.test("planDetach() leaves mirrors of others, of other bridges and of other names", async () => {
  const mirrors = [
    { name: "elsewhere", bridge: "br2", owner: OWNER, src: ["p1"], dst: [], output: undefined },
    { name: "m1", bridge: "br1", owner: SOMEONE_ELSE, src: ["p1"], dst: [], output: undefined },
    { name: "other", bridge: "br1", owner: OWNER, src: ["p1"], dst: [], output: undefined },
  ];
  const names = ["elsewhere", "m1"].map((name) => ({ name, columns: [] }));
  const call = producerCall({ mirrors: names });
  const after = await deleted(exampleSwitch(...mirrors), call);
  assertEquals(after.map(({ src }) => src), [["p1"], [], ["p1"]]);
});

Deno.test("planDetach() removes what others left empty, also where there is nothing to detach", async () => {
  const leftover = { name: "leftover", bridge: "br1", owner: OWNER };
  for (const ports of [["p1"], ["gone"], []]) {
    assertEquals(await deleted(exampleSwitch(leftover), producerCall({ ports })), []);
  }
});

Deno.test("planDetach() finds the marked port where prevResult names none", async () => {
  const mirror = { ...OURS, src: ["marked", "p1"], dst: [], output: undefined };
  for (const ports of [[], ["gone"], ["far"]]) {
    const after = await deleted(exampleSwitch(mirror), producerCall({ ports }));
    assertEquals(after, [{ ...mirror, src: ["p1"] }], `${ports}`);
  }
});

Deno.test("planDetach() leaves a port that was made for another attachment", async () => {
  const mirror = { ...OURS, src: ["marked"], dst: [], output: undefined };
  const attachment = (netns: string) => ({ netns, ifname: "eth1" });
  const call = (netns: string) =>
    producerCall({ ports: ["marked"], attachment: attachment(netns) });
  assertEquals(await deleted(exampleSwitch(mirror), call("/netns/2")), [mirror]);
  assertEquals(await deleted(exampleSwitch(mirror), call("/netns/1")), []);
  assertEquals(await deleted(exampleSwitch(mirror), call("")), []);
});

Deno.test("planDetach() has nothing to do without bridge, ports or mirrors", async () => {
  const mirror = { ...OURS, src: ["p1"], dst: [], output: undefined };
  const calls = [
    producerCall({ bridge: "br9" }),
    producerCall({ ports: ["gone"], attachment: { netns: "", ifname: "" } }),
    producerCall({ mirrors: [{ name: "gone", columns: [] }] }),
  ];
  for (const call of calls) assertEquals(await deleted(exampleSwitch(mirror), call), [mirror]);
});

Deno.test("planDetach() takes all ports out of each mirror, by row or by name", () => {
  const mirrors = [{ id: "m" }, { name: "m2" }];
  const out = uuidSet(["p1", "p2"]);
  const mutations: Mutation[] = [["select_src_port", "delete", out], [
    "select_dst_port",
    "delete",
    out,
  ]];
  assertEquals(planDetach(producer, { ports: ["p1", "p2", "p1"], mirrors }), [
    { op: "mutate", table: "Mirror", where: [["_uuid", "==", ["uuid", "m"]]], mutations },
    { op: "mutate", table: "Mirror", where: [["name", "==", "m2"]], mutations },
  ]);
});

const SNAPSHOT: Snapshot = { mirrors: [], ports: [], attachedPorts: [], emptyMirrors: [] };

Deno.test("ownPorts() tells named ports from marked ones", () => {
  const [named, marked] = [{ id: "n", name: "n" }, { id: "m", name: "m", netns: "/netns/1" }];
  const both = { ...SNAPSHOT, ports: [named], attachedPorts: [marked] };
  assertEquals(ownPorts(both, []), { named: ["n"], marked: ["m"] });
});

Deno.test("chooseDetachment() takes named ports, and marked ones only where no named one is on the bridge", () => {
  const candidates = { named: ["n1", "n2"], marked: ["m"] };
  const [byName, byMark] = [{ id: "a", name: "a", port: "n2" }, { id: "b", name: "b", port: "m" }];
  const choose = (onBridge: string[], ...holders: (typeof byName)[]) =>
    chooseDetachment(candidates, { onBridge: new Set(onBridge), holders });
  assertEquals(choose(["n2", "m"], byMark, byName, byName), {
    ports: ["n2"],
    mirrors: [{ id: "a", name: "a" }],
  });
  assertEquals(choose(["m"], byMark, byName), { ports: ["m"], mirrors: [{ id: "b", name: "b" }] });
  assertEquals(choose(["n1", "m"], byMark), { ports: [], mirrors: [] });
  assertEquals(choose([], byMark, byName), { ports: [], mirrors: [] });
});

Deno.test("ownPorts() leaves ports of other namespaces and pods", () => {
  const port = { id: "p", name: "p", netns: "/run/netns/1", podUid: "u1" };
  const snapshot = { ...SNAPSHOT, ports: [port] };
  const named = (netns: string, podUid?: string) => ownPorts(snapshot, [netns], podUid).named;
  assertEquals(named("/var/run/netns/1", "u1"), ["p"]);
  assertEquals(named("/var/run/netns/1"), ["p"]);
  assertEquals(named("/var/run/netns/2", "u1"), []);
  assertEquals(named("/var/run/netns/1", "u2"), []);
});
