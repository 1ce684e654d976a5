import { assertEquals } from "@std/assert";
import type { MirrorCall } from "../../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build, type Layout } from "../../../tests/model/switch/layout.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { check } from "../../../tests/model/switch/steps.ts";

const FULL = { name: "m1", bridge: "br1", src: ["p1"], dst: ["p1"], output: "p2" };

/** What is said about an attachment that is not as it was. */
async function refused(
  layout: Layout,
  call: MirrorCall,
  recorded: readonly string[] = [],
): Promise<string[]> {
  const database = build(layout);
  const directory = new MemoryDirectory();
  const ports = recorded.map((name) => ({ id: idOf(named(database.tables.Port, name)[0]!), name }));
  const part = { database: "unix:/db.sock", bridge: "br1", mirrors: [], ports };
  const text = JSON.stringify({ PrevResult: {}, parts: [part] });
  if (ports.length > 0) directory.files.set(`container-eth1_${call.role.cacheSuffix}`, text);
  const refusal = await check(openSession(database).session, call, directory);
  return refusal ? [refusal.reason, refusal.message] : [];
}

function notAttached(what: string, role = "producer"): string[] {
  return ["not attached", `The ${role} on bridge "br1" is not as it was added: ${what}`];
}

Deno.test("planCheck() accepts what ADD left", async () => {
  assertEquals(await refused(exampleSwitch(FULL), producerCall()), []);
  assertEquals(await refused(exampleSwitch(FULL), consumerCall({ ports: ["p2"] })), []);
});

Deno.test("planCheck() misses the bridge and the port", async () => {
  assertEquals(await refused(exampleSwitch(FULL), producerCall({ bridge: "br9" })), [
    "no bridge",
    'There is no bridge "br9" on this switch',
  ]);
  const attachment = { netns: "", ifname: "" };
  assertEquals(await refused(exampleSwitch(FULL), producerCall({ ports: ["far"], attachment })), [
    "no port",
    'No interface of prevResult is a port of bridge "br1"; port "far" is on bridge "br2"',
  ]);
});

Deno.test("planCheck() misses a mirror that is gone or on another bridge", async () => {
  assertEquals(await refused(exampleSwitch(), producerCall()), notAttached('mirror "m1" is gone'));
  const moved = { ...FULL, bridge: "br2" };
  const where = notAttached('mirror "m1" is on bridge "br2"');
  assertEquals(await refused(exampleSwitch(moved), producerCall()), where);
  // A mirror of that name on another bridge does not matter as long as there is one on this.
  assertEquals(await refused(exampleSwitch(FULL, moved), producerCall()), []);
});

Deno.test("planCheck() misses the port in each column asked for", async () => {
  assertEquals(
    await refused(exampleSwitch({ ...FULL, src: ["p2"] }), producerCall()),
    notAttached('port "p1" is not an ingress source of mirror "m1" any more'),
  );
  assertEquals(
    await refused(exampleSwitch({ ...FULL, dst: [] }), producerCall()),
    notAttached('port "p1" is not an egress source of mirror "m1" any more'),
  );
  const ingress = producerCall({ mirrors: [{ name: "m1", columns: ["select_src_port"] }] });
  assertEquals(await refused(exampleSwitch({ ...FULL, dst: [] }), ingress), []);
});

Deno.test("planCheck() misses the output, and names who holds it now", async () => {
  assertEquals(
    await refused(exampleSwitch({ ...FULL, output: undefined }), consumerCall()),
    notAttached('port "p1" is not the output of mirror "m1" any more', "consumer"),
  );
  const taken = 'port "p1" is not the output of mirror "m1" any more, but port "p2" is';
  for (const recorded of [[], ["p1"]]) {
    const found = await refused(exampleSwitch(FULL), consumerCall(), recorded);
    assertEquals(found, notAttached(taken, "consumer"));
  }
});

Deno.test("planCheck() misses the packets asked for, unless more is wrong", async () => {
  const options = { snaplen: 64 };
  const call = consumerCall({
    ports: ["p2"],
    mirrors: [{ name: "m1", columns: ["output_port"], options }],
  });
  const lacking = 'mirror "m1" does not give port "p2" the packets asked for';
  assertEquals(await refused(exampleSwitch(FULL), call), notAttached(lacking, "consumer"));
  const gone = notAttached('mirror "m1" is gone', "consumer");
  assertEquals(await refused(exampleSwitch(), call), gone);
});

Deno.test("planCheck() checks every row of a name and every port", async () => {
  const half = { ...FULL, src: ["p1", "p2"] };
  const call = producerCall({ ports: ["p1", "p2"] });
  const [, message] = await refused(exampleSwitch(half), call, ["p1", "p2"]);
  assertEquals(
    message,
    notAttached('port "p2" is not an egress source of mirror "m1" any more')[1],
  );
  const rows = [FULL, { name: "m1", bridge: "br1" }];
  assertEquals((await refused(exampleSwitch(...rows), producerCall()))[0], "not attached");
});

Deno.test("planCheck() looks at the first port alone where nothing is on record", async () => {
  const half = { ...FULL, src: ["p1"], dst: ["p1"] };
  assertEquals(await refused(exampleSwitch(half), producerCall({ ports: ["p1", "p2"] })), []);
  assertEquals(await refused(exampleSwitch(FULL), consumerCall({ ports: ["p2", "p1"] })), []);
});

Deno.test("planCheck() misses a port on record that has left the bridge", async () => {
  const call = producerCall({ ports: [] });
  assertEquals(
    await refused(exampleSwitch(FULL), call, ["p1", "far"]),
    notAttached('port "far" is not on bridge "br1" any more'),
  );
});

Deno.test("planCheck() looks at those ports on record that prevResult names, at all if it names none", async () => {
  const recorded = ["p1", "far"];
  assertEquals(await refused(exampleSwitch(FULL), producerCall(), recorded), []);
  const absent = notAttached('port "far" is not on bridge "br1" any more');
  const calls = [["far"], ["p1", "far"], [], ["p2"]];
  for (const ports of calls) {
    assertEquals(await refused(exampleSwitch(FULL), producerCall({ ports }), recorded), absent);
  }
});
