import { assertEquals, assertStringIncludes } from "@std/assert";
import { AT_ONCE, World } from "../../../tests/model/interleaving/world.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";

/** Calls ADD on a switch with a mirror. */
async function add(call: MirrorCall, ...mirrors: MirrorLayout[]) {
  const world = new World(build(exampleSwitch(...mirrors)).tables);
  const outcome = await world.call("1", call.role, requestFor("ADD", call), AT_ONCE);
  return { ...outcome, world };
}

const NO_MARKS = { netns: "/netns/9", ifname: "eth9" };

Deno.test("ADD names who stands in the way, once it has looked again", async (t) => {
  const theirs = { name: "m1", bridge: "br1" };
  const cases: [number, MirrorCall, MirrorLayout | undefined, ...string[]][] = [
    [101, producerCall({ bridge: "br9" }), undefined, '"br9"'],
    [100, producerCall({ ports: ["far"], attachment: NO_MARKS }), undefined, '"far"', '"br2"'],
    [100, consumerCall({ ports: ["p1", "p2"] }), undefined, '"p1", "p2"', '"br1"'],
    [102, producerCall(), { ...theirs, bridge: "br2" }, '"p1"', '"m1"', 'bridge "br2"'],
    [103, consumerCall(), { ...theirs, output: "p2" }, '"p1"', '"m1"', 'port "p2"'],
    [104, consumerCall(), { ...theirs, dst: ["p1"] }, '"p1"', '"m1"', "both source and output"],
    [104, producerCall(), { ...theirs, output: "p1" }, '"p1"', '"m1"', "both source and output"],
    [104, consumerCall(), { ...theirs, others: { output_vlan: 9 } }, '"m1"', "VLAN"],
  ];
  for (const [code, call, mirror, ...words] of cases) {
    await t.step(`${code} ${words.join(" ")}`, async () => {
      const before = build(exampleSwitch(...mirror ? [mirror] : [])).tables;
      const { code: actual, message, world } = await add(call, ...mirror ? [mirror] : []);
      assertEquals(actual, code, message);
      for (const word of words) assertStringIncludes(message, word);
      assertEquals([world.tables, [...world.files]], [before, []]);
    });
  }
});
