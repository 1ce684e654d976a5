import { assertEquals } from "@std/assert";
import type { MirrorCall } from "../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../tests/model/switch/examples.ts";
import { build, type Layout } from "../../tests/model/switch/layout.ts";
import { openSession } from "../../tests/model/switch/session.ts";
import { add } from "../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../tests/model/switch/view.ts";
import { MAX_MIRRORS } from "./config/config.ts";
import type { Reason } from "./refusal.ts";

/** What is said about an ADD that is refused. */
async function refused(layout: Layout, call: MirrorCall): Promise<[Reason?, string?]> {
  const refusal = await add(openSession(build(layout)).session, call);
  return [refusal?.reason, refusal?.message];
}

/** What is said where nothing is refused. */
const TAKEN = [undefined, undefined];

Deno.test("planAttach() refuses a bridge that is not there", async () => {
  assertEquals(await refused(exampleSwitch(), producerCall({ bridge: "br9" })), [
    "no bridge",
    'There is no bridge "br9" on this switch',
  ]);
});

Deno.test("planAttach() refuses where no port of the bridge is meant, and says where they are", async () => {
  const attachment = { netns: "/netns/9", ifname: "eth1" };
  const cases: [string[], string][] = [
    [["gone"], ", nor of any other of Open vSwitch"],
    [[], ", nor of any other of Open vSwitch"],
    [["far"], '; port "far" is on bridge "br2"'],
  ];
  for (const [ports, where] of cases) {
    assertEquals(await refused(exampleSwitch(), producerCall({ ports, attachment })), [
      "no port",
      `No interface of prevResult is a port of bridge "br1"${where}`,
    ]);
  }
});

Deno.test("planAttach() refuses a port that was made for another network namespace", async () => {
  const attachment = { netns: "/netns/2", ifname: "eth1" };
  assertEquals(await refused(exampleSwitch(), producerCall({ ports: ["marked"], attachment })), [
    "no port",
    'No interface of prevResult is a port of bridge "br1"; ' +
    'port "marked" belongs to another network namespace',
  ]);
});

/** What `ovs` leaves on the port of a pod; paths of network namespaces come again. */
function marksOf(contPodUid: string) {
  return { contNetns: "/netns/3", contIface: "eth1", contPodUid };
}

Deno.test("planAttach() takes of ports with the same marks that of the pod", async () => {
  const { ports, ...layout } = exampleSwitch();
  const both = ["u1", "u2"].map((uid) => ({ name: uid, bridge: "br1", marks: marksOf(uid) }));
  const attachment = { netns: "/netns/3", ifname: "eth1", podUid: "u2" };
  const database = build({ ...layout, ports: [...ports, ...both] });
  const call = consumerCall({ ports: [], attachment });
  assertEquals(await add(openSession(database).session, call), undefined);
  assertEquals(mirrorsIn(database.tables).map(({ output }) => output), ["u2"]);
});

Deno.test("planAttach() refuses a port that was made for another pod", async () => {
  const { ports, ...layout } = exampleSwitch();
  const port = { name: "u1", bridge: "br1", marks: marksOf("u1") };
  const attachment = { netns: "/netns/3", ifname: "eth1", podUid: "u2" };
  const call = producerCall({ ports: ["u1"], attachment });
  assertEquals(await refused({ ...layout, ports: [...ports, port] }, call), [
    "no port",
    'No interface of prevResult is a port of bridge "br1"; port "u1" belongs to another pod',
  ]);
});

Deno.test("planAttach() refuses where the port of prevResult and the marked one are elsewhere", async () => {
  assertEquals((await refused(exampleSwitch(), producerCall({ bridge: "br2" })))[0], "no port");
});

Deno.test("planAttach() refuses two ports as the output of a mirror", async () => {
  assertEquals(await refused(exampleSwitch(), consumerCall({ ports: ["p1", "p2"] })), [
    "no port",
    'Cannot tell which port of bridge "br1" is to be the output: there are "p1", "p2"',
  ]);
});

Deno.test("planAttach() refuses a mirror on another bridge, and names that bridge", async () => {
  const mirror = { name: "m1", bridge: "br2", owner: "anyone" };
  assertEquals(await refused(exampleSwitch(mirror), producerCall()), [
    "mirror elsewhere",
    'Cannot attach port "p1" as source to mirror "m1" on bridge "br1": ' +
    'a mirror of that name is on bridge "br2"',
  ]);
});

Deno.test("planAttach() refuses a mirror whose output is another port, and names the holder", async () => {
  assertEquals(
    await refused(
      exampleSwitch({ name: "m1", bridge: "br1", output: "p2" }),
      consumerCall({ ports: ["far", "marked"] }),
    ),
    [
      "output taken",
      'Cannot attach port "marked" as output to mirror "m1" on bridge "br1": its output is port "p2"',
    ],
  );
});

Deno.test("planAttach() refuses a VLAN's mirror to a consumer, not to a producer", async () => {
  const mirror = { name: "m1", bridge: "br1", others: { output_vlan: 9 } };
  assertEquals(await refused(exampleSwitch(mirror), consumerCall()), [
    "unsuitable mirror",
    'Cannot attach port "p1" as output to mirror "m1" on bridge "br1": its output is a VLAN (RSPAN)',
  ]);
  assertEquals(await refused(exampleSwitch(mirror), producerCall()), TAKEN);
});

Deno.test("planAttach() refuses a port as source and output of one mirror", async () => {
  const why = "the port would be both source and output of it";
  for (const source of [{ src: ["p1"] }, { dst: ["p1"] }]) {
    const mirror = { name: "m1", bridge: "br1", ...source };
    const [reason, message] = await refused(exampleSwitch(mirror), consumerCall());
    assertEquals([reason, message?.endsWith(why)], ["unsuitable mirror", true]);
  }
  const mirror = { name: "m1", bridge: "br1", output: "p1" };
  const [reason, message] = await refused(exampleSwitch(mirror), producerCall());
  assertEquals([reason, message?.endsWith(why)], ["unsuitable mirror", true]);
});

Deno.test("planAttach() refuses a mirror more than the switch carries, and takes one that is there", async () => {
  const filling = { bridge: "br1", useful: MAX_MIRRORS, removable: 0 };
  const layout = { ...exampleSwitch(), filling };
  assertEquals(await refused(layout, producerCall()), [
    "too many mirrors",
    'Cannot attach port "p1" as source to mirror "m1" on bridge "br1": ' +
    "the switch carries 32 mirrors per bridge, and this would be one more",
  ]);
  const there = producerCall({ mirrors: [{ name: "filler0", columns: ["select_src_port"] }] });
  assertEquals(await refused(layout, there), TAKEN);
});
