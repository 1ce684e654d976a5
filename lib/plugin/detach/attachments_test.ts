import { assertEquals } from "@std/assert";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { ConnectionError } from "../../ovsdb/error.ts";
import { OperationError } from "../../ovsdb/result.ts";
import { idOf } from "../../../tests/model/database/row.ts";
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

Deno.test("DEL cleans up both bridges by a record without ports too", async () => {
  const { tables, files } = await attached();
  const [entry] = files.keys();
  const part = { network: "net", ifname: "eth1", bridge: "br1", mirrors: [{ name: "m1" }] };
  const record = { PrevResult: {}, parts: [part] };
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

Deno.test("GC leaves what else is in a file, and a record without the container of one that is there", async () => {
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
  const damaged = JSON.stringify({
    PrevResult,
    parts: [{ network: "net", mirrors: [{ name: "m1" }] }],
  });
  const before = new World(tables, new Map([[entry, damaged]]));
  const request = requestFor("GC", producerCall(), { valid: [producerCall()] });
  await before.call("1", producerCall().role, request, AT_ONCE);
  assertEquals([...before.files], [[entry, damaged]]);
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
      ...{ database: "unix:/db.sock", bridge: "br1", mirrors: [{ name: "m1" }], ports: [] },
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

/** A part that is on record, but for what is said otherwise. */
function part(world: World, ports: string[], members: object = {}) {
  return {
    ...{ containerId: "other", ifname: "eth1", network: "net", netns: "/netns/9", bridge: "br1" },
    ...{ database: "unix:/db.sock", mirrors: [{ name: "m1", columns: ["select_src_port"] }] },
    ports: ports.map((name) => ({ id: idOf(named(world.tables.Port, name)[0]!), name })),
    ...members,
  };
}

Deno.test("DEL of what is on no record leaves ports that are on record of others, and takes the rest", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["p1", "p2"] };
  const { tables } = build(exampleSwitch(mirror));
  const cases: [what: string, Record<string, [string[], object?][]>, left: string[]][] = [
    ["nothing on record", {}, []],
    ["another's port", { "other-eth1_prod": [[["p1"]]] }, ["p1"]],
    ["of two others", { "other-eth1_prod": [[["p2"]]], "third-eth1_prod": [[["p1"]]] }, [
      "p1",
      "p2",
    ]],
    ["the second part of one file", { "other-eth1_prod": [[[]], [["p2"], { ifname: "x" }]] }, [
      "p2",
    ]],
    ["of the other role", { "other-eth1_cons": [[["p1"]]] }, []],
  ];
  for (const [what, records, left] of cases) {
    const world = new World(tables);
    const files = Object.entries(records).map(([name, parts]): [string, string] => [
      name,
      JSON.stringify({ PrevResult: {}, parts: parts.map((one) => part(world, ...one)) }),
    ]);
    const used = new World(tables, new Map(files));
    assertEquals((await call(used, "DEL", producerCall({ ports: ["p1", "p2"] }))).code, 0);
    assertEquals([mirrorsIn(used.tables)[0]!.src, [...used.files]], [left, files], what);
  }
});

Deno.test("DEL of what is on no record takes the ports of the first result that names any", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["marked", "p1", "p2"] };
  const { tables } = build(exampleSwitch(mirror));
  const sandbox = "/netns/1";
  const cases: [what: string, recorded: object[] | undefined, today: string[], left: string[]][] = [
    ["recorded", [{ name: "p1" }], ["p2"], ["marked", "p2"]],
    ["recorded, the container's alone", [{ name: "p1", sandbox }], ["p2"], ["marked", "p1"]],
    ["today's", undefined, ["p2"], ["marked", "p1"]],
    ["the bridge's own alone", [{ name: "br1" }], ["p2"], ["marked", "p1"]],
    ["none: the marked one", [{ name: "eth1", sandbox }], [], ["p1", "p2"]],
    ["one on another bridge: the marked one", [{ name: "far" }], [], ["p1", "p2"]],
  ];
  for (const [what, interfaces, ports, left] of cases) {
    const record = JSON.stringify({ PrevResult: { interfaces } });
    const files = new Map(interfaces ? [["container-eth1_prod", record]] : []);
    const world = new World(tables, files);
    assertEquals((await call(world, "DEL", producerCall({ ports }))).code, 0);
    assertEquals(mirrorsIn(world.tables)[0]!.src, left, what);
  }
});

Deno.test("DEL and GC ask a database that fails once, and part by part only what it refuses", async () => {
  const { tables } = build(exampleSwitch());
  const world = new World(tables);
  const parts = ["p1", "p2"].map((name) => part(world, [name], { containerId: name }));
  const ended = (error: () => Error) => async (entries: number) => {
    const files = parts.slice(0, entries).map((one): [string, string] => [
      `${one.containerId}-eth1_prod`,
      JSON.stringify({ PrevResult: {}, parts: [one] }),
    ]);
    let count = 0;
    const turn: Do = (act, cut) => cut ? (count++, Promise.reject(error())) : AT_ONCE(act);
    const mirrors = [{ name: "m1", columns: [] }];
    await call(new World(tables, new Map(files)), "GC", producerCall({ mirrors }), turn);
    return count;
  };
  const away = ended(() => new ConnectionError("away")),
    refused = ended(() => new OperationError("x"));
  assertEquals([await away(1), await away(2), await refused(1), await refused(2)], [1, 1, 1, 3]);
});

Deno.test("GC removes what no list has, also of one container, and nothing where there is no list", async () => {
  const { tables } = build(exampleSwitch({ name: "m1", bridge: "br1", src: ["p1", "p2"] }));
  const world = new World(tables);
  const own = (ifname: string, port: string) => part(world, [port], { containerId: "c", ifname });
  const files = new Map([["eth1", "p1"], ["eth2", "p2"]].map(([ifname, port]) => [
    `c-${ifname}_prod`,
    JSON.stringify({ PrevResult: {}, parts: [own(ifname!, port!)] }),
  ]));
  const gc = async (list: unknown) => {
    const used = new World(tables, files);
    const request = requestFor("GC", producerCall());
    const { members } = request.configuration;
    request.configuration.members = { ...members, "cni.dev/valid-attachments": list };
    assertEquals((await used.call("1", producerCall().role, request, AT_ONCE)).code, 0);
    return [...used.files.keys()];
  };
  const all = [...files.keys()];
  const valid = (containerID: string, ifname: string) => ({ containerID, ifname });
  assertEquals(await gc(undefined), all);
  assertEquals(await gc([valid("c", "eth1"), valid("c", "eth2")]), all);
  assertEquals(await gc([valid("x", "eth1"), valid("c", "eth2")]), ["c-eth2_prod"]);
  assertEquals(await gc([valid("c", "eth3"), valid("c-eth1", "")]), []);
});

Deno.test("GC with a list that is null removes those whose ports are all gone, and no others", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["p1", "p2"] };
  const { tables } = build(exampleSwitch(mirror));
  const world = new World(tables);
  const [gone, more] = ["a", "b"].map((last) => (
    { id: `00000000-0000-4000-8000-00000000000${last}`, name: last }
  )) as [object, object];
  const [{ ports: [p1] }, elsewhere] = [part(world, ["p1"]), { database: "unix:/other.sock" }];
  const parts: [entry: string, ...ports: object[][]][] = [
    ["there", [p1!]],
    ["gone", [gone, more]],
    ["half", [gone, p1!]],
    ["no-ports", []],
    ["both", [gone], [p1!]],
  ];
  const files = parts.map(([name, ...each]): [string, string] => [
    `${name}-eth1_prod`,
    JSON.stringify({
      PrevResult: {},
      parts: each.map((ports) => part(world, [], { containerId: name, ports })),
    }),
  ]);
  files.push([
    "other-eth1_prod",
    JSON.stringify({ parts: [part(world, [], { ports: [gone], network: "x" })] }),
  ]);
  files.push([
    "far-eth1_prod",
    JSON.stringify({ parts: [part(world, [], { ports: [more], ...elsewhere })] }),
  ]);
  const used = new World(tables, new Map(files));
  const request = requestFor("GC", producerCall());
  const { members } = request.configuration;
  request.configuration.members = { ...members, "cni.dev/valid-attachments": null };
  assertEquals((await used.call("1", producerCall().role, request, AT_ONCE)).code, 0);
  const left = [...used.files].map((
    [name, text],
  ) => [name.split("-eth1")[0], JSON.parse(text).parts.length]);
  assertEquals(left, [["there", 1], ["half", 1], ["no-ports", 1], ["both", 1], ["other", 1]]);
  assertEquals(mirrorsIn(used.tables)[0]!.src, ["p1", "p2"]);
});

Deno.test("DEL fails for a database that is away only where something is on record", async () => {
  const { tables } = build(exampleSwitch());
  const others = part(new World(tables), ["p1"], { containerId: "container" });
  const cases: [what: string, record: string | undefined, code: number][] = [
    ["nothing", undefined, 0],
    [
      "another network's part",
      JSON.stringify({ PrevResult: {}, parts: [{ ...others, network: "x" }] }),
      0,
    ],
    ["the ovs plugin's own", JSON.stringify({ Netconf: {} }), 0],
    ["its own part", JSON.stringify({ PrevResult: {}, parts: [others] }), 11],
    ["the Go implementation's", JSON.stringify({ PrevResult: {} }), 11],
    ["a damaged one", '{"PrevResult":', 11],
  ];
  const cut: Do = (act, cut) => cut ? Promise.reject(cut()) : AT_ONCE(act);
  for (const [what, record, code] of cases) {
    const files = new Map(record === undefined ? [] : [["container-eth1_prod", record]]);
    const world = new World(tables, files);
    const outcome = await call(world, "DEL", producerCall(), cut);
    assertEquals(
      [outcome.code, [...world.files]],
      [code, [...files]],
      `${what}: ${outcome.message}`,
    );
  }
});

Deno.test("DEL and GC of what is on no record look on any bridge where none is named", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["p1"] };
  const { tables } = build(exampleSwitch(mirror, { ...mirror, bridge: "br2", src: ["far"] }));
  const none = { attachment: { netns: "", ifname: "eth9" } };
  for (const [ports, left] of [[["p1"], [[], ["far"]]], [["far"], [["p1"], []]]] as const) {
    const world = new World(tables);
    const gone = producerCall({ bridge: "", ports: [...ports], ...none });
    assertEquals((await call(world, "DEL", gone)).code, 0);
    assertEquals(mirrorsIn(world.tables).map(({ src }) => src), left);
  }
  const part = { network: "net", mirrors: [{ name: "m1" }] };
  const record = { PrevResult: { interfaces: [{ name: "p1" }] }, parts: [part] };
  const world = new World(tables, new Map([["damaged-eth9_prod", JSON.stringify(record)]]));
  const request = producerCall({ ports: [], attachment: { netns: "", ifname: "" } });
  assertEquals((await call(world, "GC", request)).code, 0);
  assertEquals([mirrorsIn(world.tables).map(({ src }) => src), [...world.files]], [
    [[], ["far"]],
    [],
  ]);
});
