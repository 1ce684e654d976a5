import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../ovsdb/error.ts";
import type { MirrorCall } from "../../tests/model/semantics/call.ts";
import {
  consumerCall,
  exampleSwitch,
  producerCall,
  SOMEONE_ELSE,
} from "../../tests/model/switch/examples.ts";
import { build, type Layout } from "../../tests/model/switch/layout.ts";
import { openSession } from "../../tests/model/switch/session.ts";
import { del } from "../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../tests/model/switch/view.ts";
import { emptied, planDetach } from "./detach.ts";
import { producer } from "./role.ts";
import { OWNER, type Snapshot } from "./snapshot.ts";

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

const SNAPSHOT: Snapshot = {
  bridge: { id: "b", mirrors: ["m"] },
  mirrors: [{ id: "m", name: "m1", outputVlan: false }],
  ports: [{ id: "p", name: "p1" }],
  attachedPorts: [],
  emptyMirrors: [],
};

Deno.test("planDetach() asks in the same transaction which mirrors are empty then", () => {
  assertEquals(planDetach(producer, [], SNAPSHOT).map(({ op }) => op), ["mutate", "select"]);
});

Deno.test("emptied() returns empty mirrors of the bridge alone", () => {
  const rows = ["m", "elsewhere"].map((id) => ({ _uuid: ["uuid", id] as const }));
  assertEquals(emptied([{}, { count: 1 }, { rows }], SNAPSHOT), ["m"]);
  assertEquals(emptied([{ rows: [] }], SNAPSHOT), []);
  assertEquals(emptied([{ rows }], { ...SNAPSHOT, bridge: undefined }), []);
});

Deno.test("emptied() refuses an answer without rows", () => {
  assertThrows(() => emptied([{ rows: [] }, {}], SNAPSHOT), ProtocolError);
});
