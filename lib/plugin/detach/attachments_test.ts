import { assertEquals } from "@std/assert";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { AT_ONCE, type Do, World } from "../../../tests/model/interleaving/world.ts";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";

/** The attachment's mirror, and leftovers of the plugins on two bridges. */
async function attached(): Promise<World> {
  const leftovers = ["br1", "br2"].map((bridge) => ({ name: bridge, bridge, owner: OWNER }));
  const world = new World(build(exampleSwitch()).tables);
  assertEquals((await call(world, "ADD", producerCall())).code, 0);
  // They come after ADD, which would remove them.
  for (const { name, bridge, owner } of leftovers) {
    world.change([
      {
        op: "insert",
        table: "Mirror",
        row: { name, external_ids: ["map", [["owner", owner]]] },
        "uuid-name": "row",
      },
      {
        op: "mutate",
        table: "Bridge",
        where: [["name", "==", bridge]],
        mutations: [["mirrors", "insert", ["set", [["named-uuid", "row"]]]]],
      },
    ]);
  }
  return world;
}

function call(world: World, command: "ADD" | "DEL" | "GC", call: MirrorCall, turn: Do = AT_ONCE) {
  return world.call("1", call.role, requestFor(command, call), turn);
}

function names(world: World): string[] {
  return mirrorsIn(world.tables).map(({ name }) => name);
}

Deno.test("DEL cleans up the bridge on record and that of the configuration", async () => {
  const world = await attached();
  assertEquals(names(world), ["br1", "br2", "m1"]);
  assertEquals((await call(world, "DEL", producerCall({ bridge: "br2" }))).code, 0);
  assertEquals([names(world), [...world.files]], [[], []]);
});

Deno.test("DEL cleans up both bridges by a record of version 0.1.0 too", async () => {
  const { tables, files } = await attached();
  const [entry] = files.keys();
  const record = { PrevResult: {}, network: "net", ifname: "eth1", bridge: "br1", mirrors: ["m1"] };
  const world = new World(tables, new Map([[entry!, JSON.stringify(record)]]));
  assertEquals((await call(world, "DEL", producerCall({ bridge: "br2" }))).code, 0);
  assertEquals([names(world), [...world.files]], [[], []]);
});

Deno.test("GC cleans up the bridge on record and that of the configuration", async () => {
  const world = await attached();
  const other = producerCall({ bridge: "br2", attachment: { netns: "", ifname: "" } });
  assertEquals((await call(world, "GC", other)).code, 0);
  assertEquals([names(world), [...world.files]], [[], []]);
});

for (const command of ["DEL", "GC"] as const) {
  Deno.test(`${command} keeps what is on record while the database is not reached`, async () => {
    const world = await attached();
    const before = [...world.files];
    const cut: Do = (act, cut) => cut ? Promise.reject(cut()) : AT_ONCE(act);
    const { code, message } = await call(world, command, producerCall(), cut);
    assertEquals(code, 11, message);
    assertEquals([...world.files], before);
    assertEquals((await call(world, command, producerCall())).code, 0);
    assertEquals([[...world.files], names(world)], [[], ["br2"]]);
  });
}

Deno.test("GC goes on after an error, and reports the first one", async () => {
  const world = await attached();
  const broken: Do = (act, cut) => cut ? Promise.reject(cut()) : AT_ONCE(act);
  const invalid = producerCall({ mirrors: [{ name: "m1", columns: [] }] });
  const { code, message } = await call(world, "GC", invalid, broken);
  assertEquals(code, 11, message);
  assertEquals((await call(world, "GC", invalid)).code, 7);
  assertEquals([[...world.files], names(world)], [[], ["br2"]]);
});

Deno.test("GC leaves what else is in a file, and an old record of an attachment that is there", async () => {
  const { tables, files } = await attached();
  const [[entry, text]] = [...files] as [[string, string]];
  const { PrevResult, parts: [part] } = JSON.parse(text);
  // Rows of the model have identifiers that are none of a database.
  const other = { ...part, network: "other", mirrors: [{ name: "m1", columns: ["output_port"] }] };
  const world = new World(
    tables,
    new Map([[entry, JSON.stringify({ PrevResult, parts: [part, other] })]]),
  );
  await call(world, "GC", producerCall());
  assertEquals(JSON.parse(world.files.get(entry)!), { PrevResult, parts: [other] });
  const old = JSON.stringify({ PrevResult, network: "net", mirrors: ["m1"] });
  const before = new World(tables, new Map([[entry, old]]));
  const request = requestFor("GC", producerCall(), { valid: [producerCall()] });
  await before.call("1", producerCall().role, request, AT_ONCE);
  assertEquals([...before.files], [[entry, old]]);
});

Deno.test("DEL changes the nudge, and leaves it so for a switch that is not waited for", async () => {
  for (const [adds, left] of [[1, []], [2, [["ovs-mirror-nudge", "on"]]]] as const) {
    const world = await attached();
    for (let count = 1; count < adds; count++) await call(world, "ADD", producerCall());
    assertEquals((await call(world, "DEL", producerCall())).code, 0);
    assertEquals([...named(world.tables.Port, "p1")[0]!.external_ids!], left);
  }
});

Deno.test("GC takes care of more entries than go into one transaction", async () => {
  const { tables, files } = await attached();
  const [text] = files.values();
  const entries = Array.from({ length: 101 }, (_, index): [string, string] => [
    `pod${index}-eth1_prod`,
    text!.replace('"container"', `"pod${index}"`),
  ]);
  const world = new World(tables, new Map(entries));
  assertEquals((await call(world, "GC", producerCall())).code, 0);
  assertEquals([...world.files], []);
});

Deno.test("DEL of what is on no record leaves mirrors of other names and other bridges", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["p1"] };
  const others = [{ ...mirror, bridge: "br2" }, { ...mirror, name: "m2" }];
  const world = new World(build(exampleSwitch(mirror, ...others)).tables);
  assertEquals((await call(world, "DEL", producerCall())).code, 0);
  assertEquals(mirrorsIn(world.tables).map(({ src }) => src), [[], ["p1"], ["p1"]]);
});

Deno.test("DEL finds what the Go implementation attached by another path of the namespace", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["marked"] };
  const { tables } = build(exampleSwitch(mirror));
  const interfaces = [{ name: "marked" }, { name: "eth1", sandbox: "/netns/1" }];
  const record = JSON.stringify({ PrevResult: { interfaces } });
  const world = new World(tables, new Map([["container-eth1_prod", record]]));
  const attachment = { netns: "/proc/1/ns/net", ifname: "eth1" };
  assertEquals((await call(world, "DEL", producerCall({ ports: [], attachment }))).code, 0);
  assertEquals([mirrorsIn(world.tables)[0]!.src, [...world.files]], [[], []]);
});

Deno.test("GC leaves the port of a pod to whose namespace an earlier one's path came again", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["marked"] };
  const pod = { namespace: "default", name: "web-0", uid: "1" };
  for (const [uid, left] of [["2", ["marked"]], ["1", []]] as const) {
    const part = {
      ...{ containerId: "old", ifname: "eth1", network: "net", netns: "/netns/1", pod },
      ...{ database: "unix:/db.sock", bridge: "br1", mirrors: ["m1"], ports: [] },
    };
    const record = JSON.stringify({ PrevResult: {}, parts: [part] });
    const { tables } = build(exampleSwitch(mirror));
    const world = new World(tables, new Map([["old-eth1_prod", record]]));
    world.change([{
      op: "mutate",
      table: "Port",
      where: [["name", "==", "marked"]],
      mutations: [["external_ids", "insert", ["map", [["contPodUid", uid]]]]],
    }]);
    const request = producerCall({ ports: [], attachment: { netns: "", ifname: "" } });
    assertEquals((await call(world, "GC", request)).code, 0);
    assertEquals([mirrorsIn(world.tables)[0]!.src, [...world.files]], [left, []]);
  }
});
