import { assertEquals } from "@std/assert";
import { type Config, ingress } from "../support/cni/chained.ts";
import { Host, ours, OWNER } from "../support/cni/host.ts";

const OPTIONS = { mirrors: [ingress("m1")] };

Deno.test("a container's interface is never taken for a port of its name", async () => {
  await using host = await Host.start();
  // The host's uplink is called as the pod's interface is.
  await host.db.addPorts("br1", "eth0");
  const pod = await host.addPod({ ifname: "eth0" });
  await pod.producer(OPTIONS).add();
  await host.assertMirrors(ours("m1", { src: [pod.port] }));
  await pod.producer(OPTIONS).del();
  await host.assertMirrors();
});

Deno.test("nor if there is no port for the pod at all", async () => {
  await using host = await Host.start();
  await host.db.addPorts("br1", "eth0");
  const pod = await host.addPod({ ifname: "eth0" });
  await host.db.removePort("br1", pod.port);
  await pod.producer(OPTIONS).fails("ADD", 100, '"br1"');
  await pod.producer(OPTIONS).del();
});

Deno.test("the bridge's own port is no pod's", async () => {
  await using host = await Host.start();
  await host.db.addPorts("br1", "br1");
  const pod = await host.addPod();
  const { interfaces } = pod.result() as { interfaces: Config[] };
  const prevResult = { interfaces: [{ name: "br1" }, ...interfaces] };
  await pod.producer({ ...OPTIONS, prevResult }).add();
  await host.assertMirrors(ours("m1", { src: [pod.port] }));
  await pod.producer({ ...OPTIONS, prevResult }).check();
});

Deno.test("where prevResult names no port, its marks tell which it is", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await host.addPod({ ifname: "eth1" });
  await pod.addInterface({ port: "other", ifname: "eth2" });
  const results: Record<string, Config> = {
    "no interfaces": { cniVersion: "1.0.0" },
    "null": { cniVersion: "1.0.0", interfaces: null },
    "an empty list": { cniVersion: "1.0.0", interfaces: [] },
    "only the container's": { interfaces: [{ name: "eth1", sandbox: pod.netns }] },
    "an interface that is no port": { interfaces: [{ name: "cali0" }] },
  };
  for (const [name, prevResult] of Object.entries(results)) {
    await t.step(name, async () => {
      const producer = pod.producer({ ...OPTIONS, prevResult });
      await producer.add();
      await host.assertMirrors(ours("m1", { src: [pod.port] }));
      await producer.check();
      await pod.producer(OPTIONS).del();
    });
  }
});

Deno.test("a port that only its marks told of is deleted though prevResult names another", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  await host.db.addPorts("br2", "elsewhere");
  const prevResult = { interfaces: [{ name: "elsewhere" }] };
  const producer = pod.producer({ ...OPTIONS, prevResult });
  await producer.add();
  await host.assertMirrors(ours("m1", { src: [pod.port] }));
  await producer.del();
  await host.assertMirrors();
});

Deno.test("a port that ovs made for another pod is not attached, though prevResult names it", async () => {
  await using host = await Host.start();
  const [pod, victim] = [await host.addPod(), await host.addPod()];
  await host.db.removePort("br1", pod.port);
  const forged = pod.producer({ ...OPTIONS, prevResult: victim.result() });
  await forged.fails("ADD", 100, `"${victim.port}"`, "another network namespace");
});

Deno.test("an empty sandbox is none", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const prevResult = { interfaces: [{ name: pod.port, sandbox: "" }] };
  await pod.producer({ ...OPTIONS, prevResult }).add();
  await host.assertMirrors(ours("m1", { src: [pod.port] }));
});

Deno.test("without a port there is nothing to attach", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await host.db.removePort("br1", pod.port);
  for (const role of ["producer", "consumer"] as const) {
    await pod[role]().fails("ADD", 100, '"br1"', "prevResult");
  }
});

Deno.test("a port of another bridge is named with its bridge", async (t) => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod({ bridge: "br2" });
  await host.db.addPorts("br2", "unmarked");
  const results = {
    "the marked port itself": pod.result(),
    "no port, the marks alone": { interfaces: [] },
    "a port that is not marked": { interfaces: [{ name: "unmarked" }] },
  };
  for (const [name, prevResult] of Object.entries(results)) {
    await t.step(name, async () => {
      const producer = pod.producer({ ...OPTIONS, bridge: "br1", prevResult })
        .with({ env: { OVS_MIRROR_TIMEOUT: "2" } });
      await producer.fails("ADD", 100, '"br1"', 'on bridge "br2"');
    });
  }
});

Deno.test("of several ports, a producer takes those of the bridge", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  const second = await pod.addInterface({ port: "second", ifname: "eth2" });
  await host.db.addPorts("br2", "elsewhere");
  const names = [pod.port, second.port, "elsewhere", "no-port", pod.port];
  const prevResult = { interfaces: names.map((name) => ({ name })) };
  const producer = pod.producer({ ...OPTIONS, prevResult });
  await producer.add();
  await host.assertMirrors(ours("m1", { src: ["second", pod.port] }));
  await producer.check();
  await producer.del();
  await host.assertMirrors();
});

Deno.test("a consumer cannot tell which of several ports is the output", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const second = await pod.addInterface({ port: "second", ifname: "eth2" });
  const prevResult = { interfaces: [{ name: pod.port }, { name: second.port }] };
  await pod.consumer({ prevResult }).fails("ADD", 100, '"veth1", "second"', '"br1"');
});

Deno.test("several interfaces of one pod are attachments of their own", async () => {
  await using host = await Host.start();
  const first = await host.addPod();
  const second = await first.addInterface({ port: "second", ifname: "eth2" });
  for (const one of [first, second]) await one.producer(OPTIONS).add();
  assertEquals(host.entries().map(({ name }) => name), ["pod-1-eth1_prod", "pod-1-eth2_prod"]);
  await host.assertMirrors(ours("m1", { src: ["second", first.port] }));
  await first.producer(OPTIONS).del();
  await host.assertMirrors(ours("m1", { src: ["second"] }));
  await second.producer(OPTIONS).check();
});

Deno.test("several pods share a mirror", async () => {
  await using host = await Host.start();
  const pods = [await host.addPod(), await host.addPod(), await host.addPod()];
  for (const pod of pods) await pod.producer(OPTIONS).add();
  await host.assertMirrors(ours("m1", { src: pods.map(({ port }) => port) }));
  for (const pod of pods) await pod.producer(OPTIONS).check();
  for (const pod of pods) await pod.producer(OPTIONS).del();
  await host.assertMirrors();
});

Deno.test("a pod may have the same interface name as another, on another bridge", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  const other = await host.addPod({ bridge: "br2" });
  await pod.producer(OPTIONS).add();
  await other.producer({ mirrors: [ingress("m2")] }).add();
  const onSecond = ours("m2", { bridge: "br2", src: [other.port] });
  await host.assertMirrors(ours("m1", { src: [pod.port] }), onSecond);
});

Deno.test("interfaces with names that no port can have", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await host.db.removePort("br1", pod.port);
  for (const name of ["", "\u0000", "a\nb", "\ud800", "é", "x".repeat(100_000), "__proto__"]) {
    await t.step(JSON.stringify(name.slice(0, 10)), async () => {
      const producer = pod.producer({ ...OPTIONS, prevResult: { interfaces: [{ name }] } });
      const { stdout } = await host.unchanged(() => producer.call("ADD"));
      // Either no interface can have that name, or none has it.
      assertEquals([7, 100].includes(JSON.parse(stdout).code), true, stdout);
    });
  }
});

Deno.test("ports of other owners are ports like any other", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await host.db.addPortsWith("br1", { owner: "someone" }, "tap0");
  const prevResult = { interfaces: [{ name: "tap0" }] };
  await pod.producer({ ...OPTIONS, prevResult }).add();
  await host.assertMirrors({ ...ours("m1", { src: ["tap0"] }), owner: OWNER });
  await pod.producer({ ...OPTIONS, prevResult }).del();
  await host.assertMirrors();
});

Deno.test("of an endless list of interfaces ADD makes an error, and DEL what it can", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const names = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  const after = (count: number) => {
    const interfaces = [pod.port, ...names(count - 1)].map((name) => ({ name }));
    return pod.producer({ ...OPTIONS, prevResult: { interfaces } });
  };
  await after(1000).add();
  await after(1000).del();
  await after(1001).fails("ADD", 7, "1001 interfaces", "1000");
  await host.db.addMirror("br1", { name: "m1", select_src_port: await host.db.port(pod.port) });
  await after(50_000).del();
  assertEquals((await host.db.mirrors()).map(({ src }) => src), [[]]);
});
