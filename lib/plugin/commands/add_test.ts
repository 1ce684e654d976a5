import { assertEquals, assertStringIncludes } from "@std/assert";
import { AT_ONCE, type Do, World } from "../../../tests/model/interleaving/world.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { OperationError } from "../../ovsdb/result.ts";
import { producer } from "../../mirror/role.ts";
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
  requests = 0;
  const isRefused: Do = (act, cut) =>
    cut && ++requests === 2 ? Promise.reject(new OperationError("no space")) : AT_ONCE(act);
  const refused = await world.call("3", call.role, requestFor("ADD", call), isRefused);
  assertEquals([refused.code, [...world.files]], [107, []], refused.message);
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
  // So it does with what the ovs plugin keeps there.
  const files = new Map([["container-eth9_prod", '{"Netconf":{"bridge":"br1"}}']]);
  const shared = new World(tables, files);
  await shared.call("1", call.role, requestFor("ADD", call), AT_ONCE);
  assertEquals(shared.files, files);
});

/** What is on record in a file: the names of each part's ports. */
function recorded(world: World, name = "container-eth9_prod"): string[][] {
  const { parts } = JSON.parse(world.files.get(name) ?? '{"parts":[]}');
  return parts.map(({ ports }: { ports: { name: string }[] }) => ports.map(({ name }) => name));
}

/** Makes a port of the first bridge, or removes it. */
function port(world: World, name: string, mutator: "insert" | "delete"): void {
  const where = [["name", "==", name]] as const;
  const id = named(world.tables.Port, name).map(idOf)[0];
  world.change([
    ...(id ? [] : [{ op: "insert", table: "Port", row: { name }, "uuid-name": "row" } as const]),
    {
      op: "mutate",
      table: "Bridge",
      where: [["name", "==", "br1"]],
      mutations: [["ports", mutator, ["set", [id ? ["uuid", id] : ["named-uuid", "row"]]]]],
    },
    ...(mutator === "delete" ? [{ op: "delete", table: "Port", where } as const] : []),
  ]);
}

Deno.test("ADD that comes again keeps ports on record that are there, and forgets those that are gone", async () => {
  const world = new World(build(exampleSwitch()).tables);
  const call = (...ports: string[]) => producerCall({ ports, attachment: NO_MARKS });
  const again = (...ports: string[]) =>
    world.call("1", producer, requestFor("ADD", call(...ports)), AT_ONCE);
  await again("p1", "p2");
  assertEquals(recorded(world), [["p1", "p2"]]);
  await again("p2");
  assertEquals(recorded(world), [["p1", "p2"]]);
  port(world, "p1", "delete");
  await again("p2");
  assertEquals(recorded(world), [["p2"]]);
  // Of several in the same place, the one that is gone goes, and another attachment's stays.
  const [[name, text]] = [...world.files] as [[string, string]];
  const { parts: [part], ...rest } = JSON.parse(text);
  const gone = { id: "00000000-0000-4000-8000-00000000dead", name: "gone" };
  const other = { ...part, containerId: "b", ports: [gone, ...part.ports] };
  const own = { ...part, ports: [gone, { ...gone, id: gone.id.replace("d", "e") }, ...part.ports] };
  const both = new World(
    world.tables,
    new Map([[name, JSON.stringify({ ...rest, parts: [other, own] })]]),
  );
  await both.call("1", producer, requestFor("ADD", call("p2")), AT_ONCE);
  assertEquals(recorded(both), [["gone", "p2"], ["p2"]]);
});

Deno.test("ADD that is refused leaves on record what was before, of this attachment and of others", async () => {
  const world = new World(build(exampleSwitch({ name: "m1", bridge: "br1" })).tables);
  const at = (containerId: string, ifname: string) => ({ containerId, netns: "/netns/9", ifname });
  const run = async (call: MirrorCall, code: number) => {
    const outcome = await world.call("1", producer, requestFor("ADD", call), AT_ONCE);
    assertEquals(outcome.code, code, outcome.message);
  };
  // Both have the same file.
  const [one, other] = [at("a", "b-c"), at("a-b", "c")];
  await run(producerCall({ attachment: other, ports: ["p2"] }), 0);
  await run(producerCall({ attachment: one, ports: ["far"] }), 100);
  assertEquals(recorded(world, "a-b-c_prod"), [["p2"]]);
  await run(producerCall({ attachment: one }), 0);
  const before = [...world.files];
  await run(producerCall({ attachment: one, ports: ["far"], bridge: "br1" }), 100);
  // Refused before anything was put on record.
  await run(producerCall({ attachment: one, bridge: "br9" }), 101);
  assertEquals([...world.files], before);
  assertEquals(recorded(world, "a-b-c_prod"), [["p2"], ["p1"]]);
});

Deno.test("ADD puts on record what it attached, with the options, and the rows that were there", async () => {
  const mirrors: MirrorCall["mirrors"] = [
    { name: "m1", columns: ["output_port"], shared: true, options: { snaplen: 64, all: true } },
    { name: "m2", columns: ["output_port"], shared: true },
    { name: "m3", columns: ["output_port"] },
    { name: "m4", columns: ["output_port"], shared: true },
  ];
  const { tables } = build(
    exampleSwitch(
      { name: "m2", bridge: "br1" },
      { name: "m9", bridge: "br1" },
      { name: "m4", bridge: "br1", owner: OWNER, output: "p2" },
    ),
  );
  const world = new World(tables);
  const call = consumerCall({ mirrors, attachment: { ...NO_MARKS, podUid: "u1" } });
  assertEquals((await world.call("1", call.role, requestFor("ADD", call), AT_ONCE)).code, 0);
  const { parts: [part] } = JSON.parse(world.files.get("container-eth9_cons")!);
  const row = (name: string) => idOf(named(tables.Mirror, name)[0]!);
  const columns = ["output_port"];
  assertEquals(part, {
    ...{ containerId: "container", ifname: "eth9", network: "net", netns: "/netns/9" },
    pod: { namespace: "default", name: "container", uid: "u1" },
    ...{ database: "unix:/db.sock", bridge: "br1" },
    mirrors: [
      { name: "m1", columns, rows: ["1 1"], options: ["all", "snaplen", "shared"] },
      { name: "m2", columns, rows: [row("m2")], options: ["shared"] },
      { name: "m3", columns, rows: ["1 2"] },
      { name: "m4", columns, rows: [row("m4"), "1 3"], options: ["shared"] },
    ],
    ports: [{ id: idOf(named(tables.Port, "p1")[0]!), name: "p1" }],
  });
});
