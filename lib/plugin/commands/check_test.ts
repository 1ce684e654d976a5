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
