import { assertEquals, assertMatch } from "@std/assert";
import { readString, readStringMap, type Row, stringMap, uuids } from "../../lib/ovsdb/value.ts";
import { both, type Config, ingress } from "../support/cni/chained.ts";
import { Host, ours, OWNER, type Pod } from "../support/cni/host.ts";
import { Recorder } from "../support/ovs/recorder.ts";

const IDS = { type: "erspan", address: "192.0.2.10", key: 7 };
const TEXT = "erspan:192.0.2.10,key=7";

/** A producer of `m1` that sends copies away. */
function away(pod: Pod, remote: Config = IDS, more: Config = {}) {
  return pod.producer({ mirrors: [{ ...both("m1"), remote, ...more }] });
}

/** The ports of tunnels, with their bridge. */
async function tunnelsOf({ db }: Host) {
  const [bridges, ports, interfaces] = await Promise.all([
    db.rows("Bridge", ["name", "ports"]),
    db.rows("Port"),
    db.rows("Interface"),
  ]);
  return interfaces.filter(({ type }) => type !== "").map((row) => {
    const port = ports.find(({ name }) => name === row.name)!;
    const onPort = (bridge: Config) =>
      uuids(bridge.ports).includes((port._uuid as readonly string[])[1]!);
    const marks = [row, port].map(({ external_ids }) =>
      Object.fromEntries(readStringMap(external_ids))
    );
    assertEquals(marks[0], marks[1]);
    assertMatch(readString(row.name), /^mir-\w{11}$/);
    return {
      bridge: bridges.find(onPort)?.name,
      type: row.type,
      options: Object.fromEntries(readStringMap(row.options)),
      marks: marks[0],
    };
  }).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

const TUNNEL = {
  bridge: "br1",
  type: "erspan",
  options: { remote_ip: "192.0.2.10", key: "7", erspan_ver: "1", df_default: "false" },
  marks: { owner: OWNER, "ovs-mirror-remote": TEXT },
};

/** The mirrors, with the marks of each output's port instead of its name. */
async function mirrorsOf({ db }: Host) {
  const ports = await db.rows("Port", ["name", "external_ids"]);
  const far = (name?: string) => {
    const port = ports.find((row) => row.name === name);
    return port && readStringMap(port.external_ids).get("ovs-mirror-remote") || name;
  };
  return (await db.mirrors()).map((mirror) => ({ ...mirror, output: far(mirror.output) }));
}

async function deleteMirrors({ db }: Host): Promise<void> {
  await db.transact([{ op: "update", table: "Bridge", where: [], row: { mirrors: ["set", []] } }]);
}

async function assertNothing(host: Host): Promise<void> {
  assertEquals([await host.db.mirrors(), await tunnelsOf(host), host.entries()], [[], [], []]);
}

Deno.test("the first producer makes the tunnel and the mirror, the last one's DEL removes both", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  await away(one).add();
  assertEquals(await tunnelsOf(host), [TUNNEL]);
  assertEquals(await mirrorsOf(host), [
    ours("m1", { src: [one.port], dst: [one.port], output: TEXT }),
  ]);
  await away(two).add();
  await away(two).add();
  const all = [one.port, two.port].sort();
  assertEquals(await tunnelsOf(host), [TUNNEL]);
  assertEquals(await mirrorsOf(host), [ours("m1", { src: all, dst: all, output: TEXT })]);
  for (const pod of [one, two]) await away(pod).check();
  await away(one).del();
  assertEquals(await mirrorsOf(host), [
    ours("m1", { src: [two.port], dst: [two.port], output: TEXT }),
  ]);
  await away(two).del();
  await assertNothing(host);
});

Deno.test("mirrors with the same far end share a tunnel, which goes with the last of them", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  const other = both("m2");
  await one.producer({ mirrors: [{ ...both("m1"), remote: IDS }, { ...other, remote: IDS }] })
    .add();
  await two.producer({ mirrors: [{ ...other, remote: IDS }] }).add();
  assertEquals(await tunnelsOf(host), [TUNNEL]);
  await one.producer({ mirrors: [both("m1"), other] }).del();
  assertEquals(await tunnelsOf(host), [TUNNEL]);
  assertEquals((await mirrorsOf(host)).map(({ name, output }) => [name, output]), [["m2", TEXT]]);
  await two.producer({ mirrors: [other] }).del();
  await assertNothing(host);
});

Deno.test("a far end that differs, or a tunnel of another bridge, is refused with both names", async () => {
  await using host = await Host.start("br1", "br2");
  const [one, two] = [await host.addPod(), await host.addPod()];
  const three = await host.addPod({ bridge: "br2", port: "veth9" });
  await away(one).add();
  const theirs = { ...IDS, key: 8 };
  await away(two, theirs).fails("ADD", 103, TEXT, "erspan:192.0.2.10,key=8");
  await two.producer({ mirrors: [{ ...both("m1"), remote: IDS, snaplen: 64 }] })
    .fails("ADD", 104, "other packets");
  await three.producer({ mirrors: [{ ...both("m3"), remote: IDS }] })
    .fails("ADD", 104, TEXT, 'on bridge "br1" already');
  await away(two, theirs, { name: "m2" }).add();
  assertEquals((await tunnelsOf(host)).length, 2);
});

Deno.test("consumers of the node take part if they share, before or after", async () => {
  await using host = await Host.start();
  const [source, late, plain, one, two] = await Promise.all(
    Array.from({ length: 5 }, () => host.addPod()),
  ) as [Pod, Pod, Pod, Pod, Pod];
  const shared = (pod: Pod) => pod.consumer({ mirrors: [{ name: "m1", shared: true }] });
  await shared(one).add();
  await away(source).add();
  await shared(two).add();
  await away(late).add();
  const all = [source.port, late.port].sort();
  const outputs = (await mirrorsOf(host)).map(({ output, src, dst }) => {
    assertEquals([src, dst], [all, all]);
    return output;
  });
  assertEquals(outputs.sort(), [one.port, two.port, TEXT].sort());
  await plain.consumer().fails("ADD", 103, '"shared"');
  for (const pod of [source, late]) await away(pod).check();
  for (const pod of [one, two]) await shared(pod).del();
  assertEquals((await mirrorsOf(host)).map(({ output }) => output), [TEXT]);
  await plain.consumer().fails("ADD", 103, TEXT);
  for (const pod of [late, source]) await away(pod).del();
  await assertNothing(host);
});

Deno.test("a consumer that does not share keeps copies on the node", async () => {
  await using host = await Host.start();
  const [source, consumer] = [await host.addPod(), await host.addPod()];
  await consumer.consumer().add();
  await away(source).fails("ADD", 103, consumer.port, '"shared"');
  await consumer.consumer({ mirrors: [{ name: "m1", shared: true }] }).add();
  await away(source).add();
  await consumer.consumer({ mirrors: [{ name: "m1", shared: true }] }).del();
  await away(source).del();
  await assertNothing(host);
});

Deno.test("producers without a far end feed the mirror too, before and after", async () => {
  await using host = await Host.start();
  const [before, one, after] = [await host.addPod(), await host.addPod(), await host.addPod()];
  await before.producer().add();
  await away(one, IDS, { snaplen: 96 }).add();
  await after.producer().add();
  const all = [before.port, one.port, after.port].sort();
  assertEquals(await mirrorsOf(host), [ours("m1", { src: all, dst: all, output: TEXT })]);
  assertEquals((await host.db.rows("Mirror", ["snaplen"]))[0], { snaplen: 96 });
  await away(one, IDS, { snaplen: 96 }).del();
  for (const pod of [before, after]) await pod.producer().del();
  await assertNothing(host);
});

Deno.test("what pods left that are gone is removed by any ADD, DEL or GC, and used again", async () => {
  await using host = await Host.start();
  const leave = async () => {
    const pod = await host.addPod();
    await away(pod).add();
    await host.db.removePort("br1", pod.port);
    assertEquals((await tunnelsOf(host)).length, 1);
  };
  await leave();
  const next = await host.addPod();
  await next.producer({ mirrors: [both("m2")] }).add();
  assertEquals(await tunnelsOf(host), []);
  await leave();
  await next.producer({ mirrors: [both("m2")] }).del();
  await host.assertMirrors();
  assertEquals(await tunnelsOf(host), []);
  await leave();
  await away(next, IDS, { name: "m2" }).add();
  assertEquals((await mirrorsOf(host)).map(({ name, output }) => [name, output]), [["m2", TEXT]]);
  await away(next, IDS, { name: "m2" }).del();
  await leave();
  const gc = { mirrors: [both("m1")], "cni.dev/valid-attachments": [] };
  await host.plugin("producer", gc).silently("GC");
  assertEquals([await host.db.mirrors(), await tunnelsOf(host)], [[], []]);
});

Deno.test("CHECK looks at the mirror's row, the tunnel's port and the far end", async () => {
  await using host = await Host.start();
  const [pod, other] = [await host.addPod(), await host.addPod()];
  const { db } = host;
  await away(pod, IDS, { snaplen: 96 }).add();
  await away(pod, IDS, { snaplen: 96 }).check();
  await away(pod).fails("CHECK", 106, "does not send copies to", TEXT);
  await away(pod, { ...IDS, key: 8 }).fails("CHECK", 106, "erspan:192.0.2.10,key=8 is gone");
  const [tunnel] = (await db.rows("Interface")).filter(({ type }) => type === "erspan");
  const where = [["name", "==", tunnel!.name!]] as const;
  const set = (row: Row) => db.transact([{ op: "update", table: "Interface", where, row }]);
  await set({ options: stringMap({ ...TUNNEL.options, remote_ip: "192.0.2.66", ttl: "1" }) });
  await away(pod, IDS, { snaplen: 96 }).fails("CHECK", 106, TEXT, "changed (remote_ip, ttl)");
  await set({ options: stringMap(TUNNEL.options), ofport: -1, error: "File exists" });
  await away(pod, IDS, { snaplen: 96 }).fails("CHECK", 106, TEXT, '"File exists"');
  await set({ ofport: 3, error: ["set", []] });
  const output_port = await db.port(other.port);
  const whole = { table: "Mirror", where: [["name", "==", "m1"]] } as const;
  await db.transact([{ op: "update", ...whole, row: { output_port } }]);
  await away(pod, IDS, { snaplen: 96 }).fails("CHECK", 106, "does not send copies to", TEXT);
});

Deno.test("a far end that can't be is refused, and nothing is changed", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const refused: [mirror: Config, ...said: string[]][] = [
    [{ remote: { ...IDS, address: "ids.example" } }, "no IPv4 or IPv6 address"],
    [{ remote: { ...IDS, address: "239.1.1.1" } }, "multicast"],
    [{ remote: { ...IDS, address: "127.0.0.1" } }, "the node's own"],
    [{ remote: { ...IDS, key: 1024 } }, "erspan carries 10 bits"],
    [{ remote: { ...IDS, key: 2 ** 32 } }, '"mirrors[0].remote.key" must be at most 4294967295'],
    [{ remote: { ...IDS, type: "gtpu" } }, "must be one of erspan, gre, vxlan, geneve"],
    [{ remote: { ...IDS, adress: "192.0.2.1" } }, 'is "address" meant?'],
    [{ remote: "erspan:192.0.2.10" }, '"mirrors[0].remote" must be of type object'],
    [{ remote: IDS, all: true }, 'of a producer has "all"'],
    [{ remote: IDS, shared: true }, 'of a producer has "shared"'],
    [{ snaplen: 64 }, 'of a producer has "snaplen"'],
  ];
  for (const [mirror, ...said] of refused) {
    await pod.producer({ mirrors: [{ ...both("m1"), ...mirror }] }).fails("ADD", 7, ...said);
  }
  const ofConsumer = { mirrors: [{ name: "m1", remote: IDS }] };
  await pod.consumer(ofConsumer).fails("ADD", 7, 'of a consumer has "remote"');
  const twice = [{ ...ingress("m1"), remote: IDS }, {
    ...ingress("m1"),
    remote: { ...IDS, key: 8 },
  }];
  await pod.producer({ mirrors: twice }).fails("ADD", 7, TEXT, "erspan:192.0.2.10,key=8");
  await assertNothing(host);
});

Deno.test("a further producer makes no more requests than without a far end, whatever their number", async () => {
  await using host = await Host.start();
  using recorder = new Recorder(host.db.socket);
  const costs = [];
  for (let count = 0; count < 14; count++) {
    const pod = await host.addPod();
    const socket = { socket_file: recorder.socket };
    const mirrors = [{ ...both("m1"), remote: IDS }];
    const { requests, bytes } = await recorder.costOf(() =>
      pod.producer({ ...socket, mirrors }).add()
    );
    costs.push([requests.length, bytes]);
  }
  assertEquals(costs.slice(2).filter(([requests]) => requests !== 2), []);
  assertEquals(costs[13], costs[11]);
});

Deno.test("a tunnel without a mirror goes with the DEL of a pod that sent there, or with GC", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  const { db } = host;
  for (const pod of [one, two]) await away(pod).add();
  await deleteMirrors(host);
  assertEquals(await tunnelsOf(host), [TUNNEL]);
  await away(one).del();
  assertEquals(await tunnelsOf(host), []);
  // The mirror is there, but was given no output.
  await away(one).add();
  const clear = { output_port: ["set", []] } as const;
  await db.transact([{ op: "update", table: "Mirror", where: [], row: clear }]);
  await away(one).del();
  assertEquals([await db.mirrors(), await tunnelsOf(host)], [[], []]);

  await away(one).add();
  await deleteMirrors(host);
  await away(one, IDS, { name: "m2" }).add();
  await deleteMirrors(host);
  // Somebody else's mirror uses it.
  const [port] = await db.rows("Port", ["_uuid", "external_ids"]).then((rows) =>
    rows.filter((row) => readStringMap(row.external_ids).has("ovs-mirror-remote"))
  );
  await db.transact([
    {
      op: "insert",
      table: "Mirror",
      "uuid-name": "m",
      row: { name: "x", output_port: port!._uuid! },
    },
    {
      op: "mutate",
      table: "Bridge",
      where: [],
      mutations: [["mirrors", "insert", ["named-uuid", "m"]]],
    },
  ]);
  const gc = () =>
    host.plugin("producer", { mirrors: [both("m1")], "cni.dev/valid-attachments": [] });
  await gc().silently("GC");
  assertEquals([await tunnelsOf(host), host.entries()], [[TUNNEL], []]);
  await deleteMirrors(host);
  await gc().silently("GC");
  assertEquals(await tunnelsOf(host), []);
});

Deno.test("an ADD that meets a tunnel about to go has one in the end", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  const gc = { name: "other", mirrors: [both("m1")], "cni.dev/valid-attachments": [] };
  for (let round = 0; round < 12; round++) {
    await away(one).add();
    await deleteMirrors(host);
    await Promise.all([
      away(one).del(),
      host.plugin("producer", gc).silently("GC"),
      away(two).add(),
    ]);
    await away(two).check();
    assertEquals(await tunnelsOf(host), [TUNNEL]);
    await away(two).del();
    await assertNothing(host);
  }
});
