/**
 * What is on record is the truth: DEL and GC undo it whatever the configuration says today, and
 * where nothing is on record they stop no chain.
 */

import { assertEquals } from "@std/assert";
import { type ChainedPlugin, type Config, ingress } from "../support/cni/chained.ts";
import { assertGone, clueless, unmark } from "../support/cni/gone.ts";
import { Host, ours } from "../support/cni/host.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";

const GC = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };

/** Two producers of one pod on two bridges. */
async function twoProducers(host: Host, second: Config = {}): Promise<ChainedPlugin[]> {
  const pod = await host.addPod();
  const other = await pod.addInterface({ bridge: "br2", port: "p2", ifname: "eth1" });
  const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: pod.port }, { name: "p2" }] };
  return [
    pod.producer({ prevResult, mirrors: [ingress("m1")] }),
    other.producer({ prevResult, mirrors: [ingress("m2")], ...second }),
  ];
}

const ENDS: Record<string, (host: Host, plugins: ChainedPlugin[]) => Promise<void>> = {
  "DEL of both": async (_, plugins) => {
    for (const plugin of plugins.toReversed()) await clueless(plugin).del();
  },
  "GC": async (host) => await host.plugin("producer", GC).silently("GC"),
};

for (const [name, end] of Object.entries(ENDS)) {
  Deno.test(`two producers in one chain on two bridges are undone by ${name}`, async () => {
    await using host = await Host.start("br1", "br2");
    const plugins = await twoProducers(host);
    for (const plugin of plugins) await plugin.add();
    await end(host, plugins);
    await assertGone(host);
  });
}

Deno.test("one interface in two networks is two attachments", async () => {
  await using host = await Host.start("br1", "br2");
  const [one, two] = await twoProducers(host, { name: "other" }) as [ChainedPlugin, ChainedPlugin];
  await one.add();
  await two.add();
  await clueless(one).del();
  await host.assertMirrors(ours("m2", { bridge: "br2", src: ["p2"] }));
  await two.check();
  await host.plugin("producer", { ...GC, name: "other" }).silently("GC");
  await assertGone(host);
});

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: DEL of what ADD refused stops no chain, and leaves its neighbours`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod[role]().add();
    const refused = pod[role]({ name: "second", mirrors: [{ name: "" }] });
    await refused.fails("ADD", 7);
    await refused.del();
    await pod[role]().check();
    await pod[role]().del();
    await assertGone(host);
  });

  Deno.test(`${role}: an attachment that the Go implementation left half-way`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod[role]().add();
    const entry = `${host.cache}/${host.entries()[0]!.name}`;
    await Deno.writeTextFile(entry, JSON.stringify({ PrevResult: pod.result() }));
    await clueless(pod[role]({ mirrors: undefined })).del();
    await assertGone(host);
  });
}

/** What no ADD would take, each a change of the configuration or more. */
const UNUSABLE: Record<string, Config> = {
  "a file that is missing": { bridge: "", configuration_path: "/nonexistent" },
  "a directory": { bridge: "", configuration_path: "/" },
  "a file that is not JSON": { bridge: "", configuration_path: "/etc/passwd" },
  "a relative path": { bridge: "", configuration_path: "ovs.conf" },
  "no version": { cniVersion: undefined },
  "an empty version": { cniVersion: "" },
  "an old version": { cniVersion: "0.2.0" },
  "no name": { name: undefined },
  "a typo in the address": { socket_file: "unix:/nonexistent/db.sock" },
  "an address that is none": { socket_file: "db.sock" },
  "no bridge": { bridge: undefined },
  "no direction": { mirrors: [{ name: "m1" }] },
  "no mirrors": { mirrors: undefined },
  "a prevResult that is none": { prevResult: ["x"] },
  "a prevResult without the host's end": { prevResult: {} },
};

for (const [name, config] of Object.entries(UNUSABLE)) {
  Deno.test(`DEL with ${name}: success where nothing is on record, and else what is goes`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await host.unchanged(() => pod.producer(config).del());
    await pod.producer().add();
    await unmark(pod);
    await pod.producer(config).del();
    await assertGone(host);
  });
}

Deno.test("the database of ADD is asked, not that of today", async () => {
  await using host = await Host.start();
  await using other = await Ovsdb.start();
  await other.addBridges("br1");
  const pod = await host.addPod();
  await pod.producer().add();
  const moved = pod.producer({ socket_file: other.socket });
  await host.db.stop();
  await moved.fails("DEL", 11, host.db.socket);
  await host.db.run();
  await moved.del();
  await assertGone(host);
});

Deno.test("a port that has the namespace and the interface of one that is gone stays", async (t) => {
  const ends: Record<string, (old: ChainedPlugin, host: Host) => Promise<void>> = {
    "DEL": (old) => old.del(),
    "DEL again": async (old) => {
      await old.del();
      await old.del();
    },
    "DEL without prevResult": (old) => old.with({ config: { prevResult: undefined } }).del(),
    "GC": async (_, host) => {
      const valid = [{ containerID: "pod-2", ifname: "eth1" }];
      const gc = host.plugin("producer", { ...GC, "cni.dev/valid-attachments": valid });
      await gc.silently("GC");
    },
  };
  for (const [name, end] of Object.entries(ends)) {
    await t.step(name, async () => {
      await using host = await Host.start();
      const env = { CNI_NETNS: "/proc/4242/ns/net" };
      const marks = { contNetns: env.CNI_NETNS, contIface: "eth1" };
      const [old, young] = [await host.addPod(), await host.addPod()];
      await host.db.removePort("br1", young.port);
      const first = old.producer().with({ env });
      await first.with({ env: { CNI_NETNS: old.netns } }).add();
      await host.db.removePort("br1", old.port);
      await host.db.addPortsWith("br1", marks, young.port);
      await young.producer().with({ env }).add();
      await end(first, host);
      await host.assertMirrors(ours("m1", { src: [young.port], dst: [young.port] }));
      assertEquals(host.entries().map(({ name }) => name), ["pod-2-eth1_prod"]);
    });
  }
});

Deno.test("a port that was made again under the name of one that is gone stays", async () => {
  await using host = await Host.start();
  const old = await host.addPod();
  await old.producer().add();
  await host.db.removePort("br1", old.port);
  await host.db.addPorts("br1", old.port);
  const young = await host.addPod({ port: "unused" });
  const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: old.port }] };
  await young.producer({ prevResult }).add();
  await old.producer().del();
  await host.assertMirrors(ours("m1", { src: [old.port], dst: [old.port] }));
});

/** Configurations that the Go implementation takes, and what it attaches. */
const TAKEN_BY_GO: Record<string, Config> = {
  "no mirrors": { mirrors: undefined },
  "mirrors that are null": { mirrors: null },
  "an empty list": { mirrors: [] },
  "a direction that is null": { mirrors: [{ name: "m1", ingress: true, egress: null }] },
  "a path that is null": { mirrors: [ingress("m1")], configuration_path: null },
  "members in another case": {
    bridge: undefined,
    mirrors: undefined,
    Bridge: "br1",
    Mirrors: [{ Name: "m1", Ingress: true }],
  },
};

for (const [name, config] of Object.entries(TAKEN_BY_GO)) {
  Deno.test(`after a change-over, CHECK and DEL with ${name}`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod.producer({ mirrors: [ingress("m1")] }).add();
    const [entry] = host.entries();
    const content = JSON.stringify({ PrevResult: pod.result() });
    await Deno.writeTextFile(`${host.cache}/${entry!.name}`, content);
    await pod.producer(config).check();
    await pod.producer(config).del();
    await assertGone(host);
  });
}
