import { assertEquals } from "@std/assert";
import { AT_ONCE, World } from "../../../tests/model/interleaving/world.ts";
import { exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add, check as checkStep } from "../../../tests/model/switch/steps.ts";

type Wanted = MirrorCall["mirrors"][number];

const CALL = producerCall();

async function attached(): Promise<World> {
  const world = new World(build(exampleSwitch()).tables);
  assertEquals((await world.call("1", CALL.role, requestFor("ADD", CALL), AT_ONCE)).code, 0);
  return world;
}

function check(world: World, call = CALL) {
  return world.call("2", call.role, requestFor("CHECK", call), AT_ONCE);
}

Deno.test("CHECK looks at the bridge on record where the configuration names none", async () => {
  const call = producerCall({ bridge: "", ports: ["far"] });
  assertEquals(await check(await attached(), call), { code: 0, message: "" });
});

Deno.test("CHECK asks no database for the ports of another", async () => {
  const { tables, files } = await attached();
  const [[entry, text]] = [...files] as [[string, string]];
  const { PrevResult, parts: [part] } = JSON.parse(text);
  const ports = [{ id: "00000000-0000-0000-0000-000000000000", name: "p1" }];
  const parts = [part, { ...part, database: "unix:/other.sock", ports }];
  const world = new World(tables, new Map([[entry, JSON.stringify({ PrevResult, parts })]]));
  assertEquals(await check(world), { code: 0, message: "" });
});

Deno.test("CHECK minds no mirror without a direction beside one that has one", async () => {
  const mirrors = [...CALL.mirrors, { name: "m2", columns: [] }];
  assertEquals(await check(await attached(), producerCall({ mirrors })), { code: 0, message: "" });
});

Deno.test("CHECK says what is missing where nothing is on record", async () => {
  const world = new World(build(exampleSwitch()).tables);
  const none = await check(world, producerCall({ bridge: "" }));
  assertEquals([none.code, none.message], [7, "the configuration names no bridge"]);
  const gone = await check(world, producerCall({ bridge: "br9" }));
  assertEquals([gone.code, gone.message], [101, 'There is no bridge "br9" on this switch']);
  const request = requestFor("CHECK", CALL);
  const { members } = request.configuration;
  request.configuration.members = { ...members, socket_file: "ssl:h:1" };
  const { code, message } = await world.call("1", CALL.role, request, AT_ONCE);
  assertEquals([code, message], [7, '"socket_file" is not an address of a database']);
});

/** The second word of the hint of a CHECK after an ADD, once mirrors have other names. */
async function hint(added: MirrorCall["mirrors"], today: MirrorCall["mirrors"], ...gone: string[]) {
  const database = build(exampleSwitch());
  const directory = new MemoryDirectory();
  const { session } = openSession(database);
  await add(session, producerCall({ mirrors: added }), directory);
  for (const name of gone) {
    database.transact([{
      op: "update",
      table: "Mirror",
      where: [["name", "==", name]],
      row: { name: "x" },
    }]);
  }
  return (await checkStep(session, producerCall({ mirrors: today }), directory))?.hint.split(
    " ",
    2,
  )[1];
}

Deno.test("CHECK tells a mirror that the configuration names since ADD from one that somebody changed", async () => {
  const [src, dst] = ["select_src_port", "select_dst_port"] as const;
  const [m1, m2] = ["m1", "m2"].map((name) => ({ name, columns: [src] })) as [Wanted, Wanted];
  const both: Wanted = { name: "m1", columns: [src, dst] };
  const cases: [what: string, string | undefined, ...Parameters<typeof hint>][] = [
    ["as it was", undefined, [m1, m2], [m1, m2]],
    ["less than at ADD", undefined, [m1, m2], [m2]],
    ["one that ADD had is gone", "the", [m1, m2], [m1, m2], "m2"],
    ["another mirror", "network's", [m1], [m1, m2]],
    ["another direction", "network's", [m1], [both]],
    ["a direction of another mirror", "network's", [m1, { name: "m2", columns: [dst] }], [both]],
    ["both, the one that is gone first", "the", [m1], [m1, m2], "m1"],
  ];
  for (const [what, expected, ...args] of cases) {
    assertEquals(await hint(...args), expected, what);
  }
});

Deno.test("CHECK goes by its own parts of a record, as far as they say where", async () => {
  const { tables, files } = await attached();
  const [[entry, text]] = [...files] as [[string, string]];
  const { PrevResult, parts: [part] } = JSON.parse(text);
  const { database: _, ...nowhere } = part;
  const gone = [{ id: "00000000-0000-0000-0000-000000000000", name: "p1" }];
  const cases: [what: string, object[], MirrorCall, number][] = [
    ["one without a database first", [nowhere, part], producerCall({ bridge: "" }), 0],
    [
      "one without a bridge first",
      [{ ...part, bridge: undefined }, part],
      producerCall({ bridge: "" }),
      0,
    ],
    ["no database alone", [nowhere], producerCall({ bridge: "" }), 7],
    ["one without ports first", [{ ...part, ports: [] }, part], CALL, 0],
    ["one of another network", [part, { ...part, network: "other", ports: gone }], CALL, 0],
    ["one of another bridge", [part, { ...part, bridge: "br2", ports: gone }], CALL, 0],
    ["one that is gone", [{ ...part, ports: gone }], CALL, 106],
  ];
  const worldWith = (parts: object[]) =>
    new World(tables, new Map([[entry, JSON.stringify({ PrevResult, parts })]]));
  for (const [what, parts, call, code] of cases) {
    const outcome = await check(worldWith(parts), call);
    assertEquals(outcome.code, code, `${what}: ${outcome.message}`);
  }
  // Where the configuration names no database that can be used, that on record.
  const request = requestFor("CHECK", CALL);
  request.configuration.members = { ...request.configuration.members, socket_file: "ssl:h:1" };
  for (const [parts, code] of [[[part], 0], [[nowhere], 7]] as [object[], number][]) {
    assertEquals((await worldWith(parts).call("1", CALL.role, request, AT_ONCE)).code, code);
  }
});
