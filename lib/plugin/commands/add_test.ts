import { assertEquals, assertStringIncludes } from "@std/assert";
import { AT_ONCE, type Do, World } from "../../../tests/model/interleaving/world.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";

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

Deno.test("ADD stays on record unless it is certain that nothing was changed", async () => {
  const call = producerCall();
  const world = new World(build(exampleSwitch()).tables);
  let requests = 0;
  const losesReply: Do = async (act, cut) => {
    const value = await AT_ONCE(act);
    if (cut && ++requests === 2) throw cut();
    return value;
  };
  const { code, message } = await world.call("1", call.role, requestFor("ADD", call), losesReply);
  assertEquals([code, mirrorsIn(world.tables).length, world.files.size], [11, 1, 1], message);
  await world.call("2", call.role, requestFor("DEL", call, { hasForgotten: true }), AT_ONCE);
  assertEquals([mirrorsIn(world.tables), [...world.files]], [[], []]);
});

Deno.test("ADD names the pod that holds the output, if that is on record", async () => {
  const world = new World(build(exampleSwitch()).tables);
  const holder = consumerCall({ ports: ["p2"], attachment: NO_MARKS });
  const request = requestFor("ADD", holder);
  request.attachment.pod = { namespace: "default", name: "web-0" };
  assertEquals((await world.call("1", holder.role, request, AT_ONCE)).code, 0);
  const other = await world.call("2", holder.role, requestFor("ADD", consumerCall()), AT_ONCE);
  assertEquals(other.code, 103);
  assertStringIncludes(other.message, 'its output is port "p2" of pod "default/web-0"');
});

Deno.test("an ADD that is refused leaves a damaged record, which tells DEL that there is something", async () => {
  // That the port is on another bridge shows only once the attachment is on record.
  const call = producerCall({ ports: ["far"], attachment: NO_MARKS });
  const { tables } = build(exampleSwitch());
  const world = new World(tables, new Map([["container-eth9_prod", '{"PrevResult":']]));
  const { code } = await world.call("1", call.role, requestFor("ADD", call), AT_ONCE);
  assertEquals([code, [...world.files.keys()]], [100, ["container-eth9_prod"]]);
});
