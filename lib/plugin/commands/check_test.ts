import { assertEquals } from "@std/assert";
import { AT_ONCE, World } from "../../../tests/model/interleaving/world.ts";
import { exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";

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
