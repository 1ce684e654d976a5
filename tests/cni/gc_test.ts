import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { both, type ChainedPlugin, type Config, ingress } from "../support/cni/chained.ts";
import { Host, ours, OWNER, type Pod } from "../support/cni/host.ts";
import { assertFailure } from "../support/cni/outcome.ts";

const GC = { cniVersion: "1.1.0" };

/** GC of a network, with the attachments that the runtime still knows of. */
function gc(host: Host, role: "producer" | "consumer", valid: Pod[], config: Config = {}) {
  const attachments = valid.map(({ containerId, ifname }) => ({
    containerID: containerId,
    ifname,
  }));
  return host.plugin(role, { "cni.dev/valid-attachments": attachments, ...config });
}

/** Names of what is in the cache. */
function names(host: Host): string[] {
  return host.entries().map(({ name }) => name);
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: GC detaches what is not valid any more, and nothing else`, async () => {
    await using host = await Host.start();
    const [valid, stale] = [await host.addPod(), await host.addPod()];
    const mirrors = (name: string) => ({ ...GC, mirrors: [ingress(name)] });
    await valid[role](mirrors("m1")).add();
    await stale[role](mirrors("m2")).add();
    await gc(host, role, [valid], mirrors("m1")).silently("GC");
    const attached = role === "producer" ? { src: [valid.port] } : { output: valid.port };
    await host.assertMirrors(ours("m1", attached));
    assertEquals(names(host), [`pod-1-eth1_${role.slice(0, 4)}`]);
    await valid[role](mirrors("m1")).check();
    await host.unchanged(() => gc(host, role, [valid], mirrors("m1")).silently("GC"));
  });

  Deno.test(`${role}: GC without the list removes nothing`, async () => {
    await using host = await Host.start();
    await (await host.addPod())[role](GC).add();
    await host.db.addMirror("br1", { name: "empty", external_ids: stringMap({ owner: OWNER }) });
    await host.unchanged(() => host.plugin(role).silently("GC"));
  });
}

Deno.test("GC speaks for one network", async () => {
  await using host = await Host.start();
  const pods = [await host.addPod(), await host.addPod(), await host.addPod()];
  const networks = ["red", "green", "blue"];
  const producer = (index: number) =>
    pods[index]!.producer({ ...GC, name: networks[index], mirrors: [ingress(networks[index]!)] });
  for (const index of [0, 1, 2]) await producer(index).add();
  await gc(host, "producer", [], { name: "green" }).silently("GC");
  const left = [2, 0].map((index) => ours(networks[index]!, { src: [pods[index]!.port] }));
  await host.assertMirrors(...left);
  assertEquals(names(host), ["pod-1-eth1_prod", "pod-3-eth1_prod"]);
});

Deno.test("GC leaves entries that say nothing of a network, and files of others", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer(GC).add();
  const files = {
    "pod-1-eth1_prod": JSON.stringify({ PrevResult: pod.result() }),
    "pod-2-eth1_prod": JSON.stringify({ PrevResult: pod.result(), parts: [{ network: "other" }] }),
    "pod-3-eth1_prod": "not even JSON",
    "pod-4-eth1_cons": JSON.stringify({ PrevResult: pod.result(), parts: [{ network: "net" }] }),
    "pod-8-eth1_prod": " ".repeat(2_000_000),
    "pod-5-eth1": JSON.stringify({ Netconf: {}, OrigIfName: "" }),
    "readme.txt": "",
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${host.cache}/${name}`, content);
  }
  await Deno.symlink("/nonexistent", `${host.cache}/pod-6-eth1`);
  await Deno.mkdir(`${host.cache}/pod-7-eth1`);
  await host.unchanged(() => gc(host, "producer", []).silently("GC"));
});

Deno.test("GC knows an attachment by container and interface", async () => {
  await using host = await Host.start();
  const first = await host.addPod();
  const second = await first.addInterface({ port: "second", ifname: "eth2" });
  for (const pod of [first, second]) await pod.producer({ ...GC, mirrors: [ingress("m1")] }).add();
  await gc(host, "producer", [second]).silently("GC");
  await host.assertMirrors(ours("m1", { src: ["second"] }));
  assertEquals(names(host), ["pod-1-eth2_prod"]);
});

Deno.test("GC works from the entry alone: port gone, other bridge, several mirrors", async () => {
  await using host = await Host.start("br1", "br2");
  const [gone, elsewhere] = [await host.addPod(), await host.addPod({ bridge: "br2" })];
  await gone.producer({ ...GC, mirrors: [both("m1"), both("m2")] }).add();
  await elsewhere.producer({ ...GC, mirrors: [both("m3")] }).add();
  await host.db.removePort("br1", gone.port);
  await gc(host, "producer", []).silently("GC");
  assertEquals([await host.db.mirrors(), names(host)], [[], []]);
});

Deno.test("GC leaves a port that only inherited a name", async () => {
  await using host = await Host.start();
  const old = await host.addPod();
  await old.producer({ ...GC, mirrors: [ingress("m1")] }).add();
  await host.db.removePort("br1", old.port);
  const young = await host.addPod({ port: old.port });
  await young.producer({ ...GC, mirrors: [ingress("m1")] }).add();
  await gc(host, "producer", [young]).silently("GC");
  await host.assertMirrors(ours("m1", { src: [young.port] }));
});

Deno.test("GC goes by what was recorded, not by a result in its configuration", async () => {
  await using host = await Host.start();
  const [valid, stale] = [await host.addPod(), await host.addPod()];
  for (const pod of [valid, stale]) await pod.producer({ ...GC, mirrors: [ingress("m1")] }).add();
  await gc(host, "producer", [valid], { prevResult: valid.result("1.1.0") }).silently("GC");
  await host.assertMirrors(ours("m1", { src: [valid.port] }));
});

Deno.test("GC with variables that are empty or of one container", async (t) => {
  await using host = await Host.start();
  const empty = { CNI_CONTAINERID: "", CNI_NETNS: "", CNI_IFNAME: "" };
  const odd = { CNI_CONTAINERID: "pod-1", CNI_NETNS: "/var/run/tests/pod-1", CNI_IFNAME: "eth1" };
  for (const [name, env] of Object.entries({ empty, odd })) {
    await t.step(name, async () => {
      const [valid, stale] = [await host.addPod(), await host.addPod()];
      for (const pod of [valid, stale]) await pod.producer({ ...GC, name }).add();
      await gc(host, "producer", [valid], { name }).with({ env }).silently("GC");
      const attached = { src: [valid.port], dst: [valid.port] };
      await host.assertMirrors(ours("m1", attached));
      await valid.producer({ ...GC, name }).del();
    });
  }
});

Deno.test("a list of attachments that is none", async (t) => {
  await using host = await Host.start();
  await (await host.addPod()).producer(GC).add();
  const lists = [{}, "x", [null], [{}], [{ containerID: "a" }], [{ containerID: 1, ifname: "b" }]];
  for (const list of lists) {
    await t.step(JSON.stringify(list), async () => {
      const plugin: ChainedPlugin = host.plugin("producer", { "cni.dev/valid-attachments": list });
      await plugin.fails("GC", 7, "cni.dev/valid-attachments");
    });
  }
});

Deno.test("GC with the database down is an error, and works later", async () => {
  await using host = await Host.start();
  await (await host.addPod()).producer(GC).add();
  await host.db.stop();
  await gc(host, "producer", []).fails("GC", 11, host.db.socket);
  await host.db.run();
  await gc(host, "producer", []).silently("GC");
  assertEquals([await host.db.mirrors(), names(host)], [[], []]);
});

Deno.test("GC names the database that failed, and does the rest", async () => {
  await using host = await Host.start();
  await using away = await Host.start();
  for (const one of [host, away]) await (await one.addPod()).producer(GC).add();
  await Deno.copyFile(`${away.cache}/pod-1-eth1_prod`, `${host.cache}/pod-0-eth1_prod`);
  await away.db.stop();
  const failed = `GC failed at the database unix:${away.db.socket}: `;
  assertFailure(await gc(host, "producer", []).call("GC"), 11, failed);
  assertEquals([await host.db.mirrors(), names(host)], [[], ["pod-0-eth1_prod"]]);
});

Deno.test("GC when the bridge is gone still clears the entries", async () => {
  await using host = await Host.start();
  await (await host.addPod()).producer(GC).add();
  const row = { bridges: ["set", []] as const };
  await host.db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
  await gc(host, "producer", []).silently("GC");
  assertEquals(names(host), []);
});

Deno.test("GC when nothing was ever added", async () => {
  await using host = await Host.start();
  await host.unchanged(() => gc(host, "consumer", []).silently("GC"));
});
