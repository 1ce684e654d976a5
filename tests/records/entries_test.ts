/**
 * Entries of the store: what is odd in one, what others put there, and what CHECK, GC and STATUS
 * make of them.
 */

import { assertEquals } from "@std/assert";
import type { Config } from "../support/cni/chained.ts";
import { assertGone, clueless, unmark } from "../support/cni/gone.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { lacksSmallDisk, SmallDisk } from "../support/run/small_disk.ts";

const GC = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };

/** Changes of one member of a part, which spoil no other. */
const ODD: Config[] = [
  { netns: null },
  { pod: "web-0" },
  { network: 5 },
  { database: ["x"] },
  { bridge: {} },
  { ports: [{ id: "x" }] },
];

for (const odd of ODD) {
  Deno.test(`an odd member spoils itself alone: ${JSON.stringify(odd)}`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod.producer().add();
    await unmark(pod);
    const { name, content } = host.entries()[0]!;
    const record = JSON.parse(content!);
    record.parts = record.parts.map((part: Config) => ({ ...part, ...odd }));
    await Deno.writeTextFile(`${host.cache}/${name}`, JSON.stringify(record));
    await clueless(pod.producer()).del();
    await assertGone(host);
  });
}

Deno.test("attachments whose names make the same file do not touch each other", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  const named = (pod: Pod, CNI_CONTAINERID: string, CNI_IFNAME: string) =>
    pod.producer().with({ env: { CNI_CONTAINERID, CNI_IFNAME } });
  const [first, second] = [named(one, "a-b", "c"), named(two, "a", "b-c")];
  await first.add();
  await second.add();
  assertEquals(host.entries().map(({ name }) => name), ["a-b-c_prod"]);
  await clueless(first).del();
  await host.assertMirrors(ours("m1", { src: [two.port], dst: [two.port] }));
  await second.check();
  await clueless(second).del();
  await assertGone(host);
});

Deno.test("the ovs plugin's own entry, which may have the same name, stays", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const own = { Netconf: { bridge: "br1", vlan: 5 }, OrigIfName: "" };
  await Deno.mkdir(host.cache);
  const path = `${host.cache}/pod-1-eth1_prod`;
  await Deno.writeTextFile(path, JSON.stringify(own));
  await host.unchanged(() => pod.producer({ mirrors: undefined }).del());
  await pod.producer().add();
  const { Netconf, OrigIfName } = JSON.parse(await Deno.readTextFile(path));
  assertEquals({ Netconf, OrigIfName }, own);
  await clueless(pod.producer()).del();
  assertEquals(JSON.parse(await Deno.readTextFile(path)), own);
  await host.assertMirrors();
});

Deno.test("GC goes on after an entry that fails, and reports it at the end", async () => {
  await using host = await Host.start();
  const other = await Ovsdb.start();
  await other.addBridges("br1");
  await other.addPorts("br1", "veth1");
  const [lost, stale] = [await host.addPod(), await host.addPod()];
  await lost.producer({ socket_file: other.socket }).add();
  await stale.producer().add();
  await other[Symbol.asyncDispose]();
  const { json } = await host.plugin("producer", GC).call("GC");
  assertEquals([json?.code, String(json?.msg).includes(other.socket)], [11, true]);
  await host.assertMirrors();
  assertEquals(host.entries().map(({ name }) => name), ["pod-1-eth1_prod"]);
});

Deno.test("files that dead calls left half-written go, and no others", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  const leave = async (name: string, age: number) => {
    await Deno.writeTextFile(`${host.cache}/${name}`, "{");
    const time = new Date(Date.now() - age * 1000);
    await Deno.utime(`${host.cache}/${name}`, time, time);
  };
  await leave(".pod-1-eth1_prod.0123456789ab", 0);
  await leave(".pod-1-eth1_prod.x_prod.0123456789ab", 0);
  await leave(".pod-9-eth1_prod.0123456789ab", 7200);
  const files = () => Array.from(Deno.readDirSync(host.cache), ({ name }) => name).sort();
  await pod.producer().del();
  const left = [".pod-1-eth1_prod.x_prod.0123456789ab"];
  assertEquals(files(), left);
  await leave(".pod-9-eth1_prod.0123456789ab", 7200);
  await host.plugin("producer", GC).silently("GC");
  assertEquals(files(), left);
});

Deno.test("CHECK knows what ADD attached", async (t) => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  const second = await pod.addInterface({ port: "second", ifname: "eth2" });
  const interfaces = [{ name: pod.port }, { name: second.port }];
  const producer = pod.producer({ prevResult: { cniVersion: "1.0.0", interfaces } });
  await producer.add();
  await t.step("also by another path of the namespace", async () => {
    await producer.with({ env: { CNI_NETNS: pod.netns.replace("/var/run", "/run") } }).check();
  });
  await t.step("whatever mirror of the name is on another bridge", async () => {
    await host.db.addMirror("br2", { name: "m1" });
    await producer.check();
  });
  await t.step("and misses one of two ports", async () => {
    await host.db.removePort("br1", second.port);
    await producer.fails("CHECK", 106, '"second"');
  });
  await t.step("of the Go implementation's, which attached the first port alone", async () => {
    await second.plugIn();
    const [entry] = host.entries();
    await Deno.writeTextFile(`${host.cache}/${entry!.name}`, JSON.stringify({ PrevResult: {} }));
    await producer.check();
  });
});

Deno.test("prevResult is passed on and recorded digit by digit", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const numbers = '"mtu":9007199254740993,"huge":1e400,"exact":1.0,"tiny":-0';
  const producer = pod.producer();
  const config = JSON.stringify({ ...producer.request.config, cniVersion: "1.0.0", name: "net" });
  const stdin = config.replace('"prevResult":{', `"prevResult":{${numbers},`);
  const { stdout, code } = await producer.with({ stdin }).call("ADD");
  assertEquals([code, stdout.includes(numbers)], [0, true], stdout);
  assertEquals(host.entries()[0]!.content!.includes(numbers), true);
});

Deno.test("an error is in the version of the request, whatever else is wrong", async () => {
  await using host = await Host.start();
  const producer = (await host.addPod()).producer({ cniVersion: "0.4.0" });
  const { json } = await producer.call("PATCH");
  assertEquals([json?.code, json?.cniVersion], [4, "0.4.0"]);
});

Deno.test("STATUS misses room for a record, and leaves nothing behind", async (t) => {
  if (await lacksSmallDisk()) return;
  await using host = await Host.start();
  const place = `${host.db.directory}/disk`;
  await Deno.mkdir(place);
  await using disk = await SmallDisk.mount(place);
  const env = { OVS_MIRROR_CACHE_DIR: `${place}/cache` };
  const plugin = host.plugin("producer").with({ env, through: disk.through });
  const cache = `${disk.path}/cache`;
  const files = () => Array.from(Deno.readDirSync(cache), ({ name }) => name).sort();
  await t.step("with room", async () => {
    await plugin.silently("STATUS");
    assertEquals(files(), []);
  });
  await t.step("what a STATUS left that was killed goes", async () => {
    const left = [".status.0123456789ab", "..status.0123456789ab.0123456789ab"];
    for (
      const [age, name] of [[7200, left[0]!], [7200, left[1]!], [
        0,
        ".status.ba9876543210",
      ]] as const
    ) {
      await Deno.writeTextFile(`${cache}/${name}`, "");
      const time = new Date(Date.now() - age * 1000);
      await Deno.utime(`${cache}/${name}`, time, time);
    }
    await plugin.silently("STATUS");
    assertEquals(files(), [".status.ba9876543210"]);
    await Deno.remove(`${cache}/.status.ba9876543210`);
  });
  await t.step("with none", async () => {
    await disk.fill();
    await plugin.fails("STATUS", 50, "cannot be used: ENOSPC");
    assertEquals(files(), []);
    await disk.free();
    await plugin.silently("STATUS");
  });
});

Deno.test("DEL of what is below a file: nothing is on record", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await Deno.writeTextFile(`${host.db.directory}/file`, "");
  const env = { OVS_MIRROR_CACHE_DIR: `${host.db.directory}/file/cache` };
  await pod.producer().with({ env }).fails("ADD", 5, "NotADirectory");
  await pod.producer().with({ env }).del();
});

Deno.test("STATUS misses a cache that can't be written, and waits five seconds at most", async () => {
  await using host = await Host.start();
  await Deno.writeTextFile(`${host.db.directory}/file`, "");
  const env = { OVS_MIRROR_CACHE_DIR: `${host.db.directory}/file` };
  await host.plugin("producer").with({ env }).fails("STATUS", 50, "file");
  const pid = await host.db.pid();
  Deno.kill(pid, "SIGSTOP");
  const started = performance.now();
  const { json } = await host.plugin("producer").call("STATUS");
  Deno.kill(pid, "SIGCONT");
  const seconds = (performance.now() - started) / 1000;
  assertEquals([json?.code, seconds >= 5 && seconds < 20], [50, true], `${seconds} s`);
});
