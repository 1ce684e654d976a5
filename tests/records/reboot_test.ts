import { assertEquals } from "@std/assert";
import { Host, ours, type Pod } from "../support/cni/host.ts";

const V110 = { cniVersion: "1.1.0" };

/** After a reboot the rows and the cache are as before, but the pods are others. */
interface Rebooted extends AsyncDisposable {
  host: Host;
  /** A producer of `m1` from before. Its port is still there. */
  stale: Pod;
  /** The consumer of `m1` from before. So is its port. */
  staleConsumer: Pod;
  fresh: Pod;
}

async function reboot(): Promise<Rebooted> {
  const host = await Host.start();
  const [stale, staleConsumer] = [await host.addPod(), await host.addPod()];
  await stale.producer(V110).add();
  await staleConsumer.consumer(V110).add();
  await host.db.stop();
  await host.db.run();
  const dispose = () => host[Symbol.asyncDispose]();
  return { host, stale, staleConsumer, fresh: await host.addPod(), [Symbol.asyncDispose]: dispose };
}

/** DEL as the runtime calls it for a pod that did not survive: there is no network namespace. */
async function buryProducer(pod: Pod): Promise<void> {
  await pod.producer({ prevResult: undefined }).with({ env: { CNI_NETNS: "" } }).del();
}

Deno.test("the first ADD joins a mirror that has stale members, and leaves them", async () => {
  await using after = await reboot();
  const { host, stale, staleConsumer, fresh } = after;
  await fresh.producer().add();
  const all = [stale.port, fresh.port];
  await host.assertMirrors(ours("m1", { src: all, dst: all, output: staleConsumer.port }));
  await fresh.producer().check();
});

Deno.test("a stale output is reported, and free once its port is removed", async () => {
  await using after = await reboot();
  const { host, stale, staleConsumer, fresh } = after;
  await fresh.consumer().fails("ADD", 103, '"m1"', `"${staleConsumer.port}"`, "reboot");
  await host.db.removePort("br1", staleConsumer.port);
  await fresh.consumer().add();
  const source = { src: [stale.port], dst: [stale.port] };
  await host.assertMirrors(ours("m1", { ...source, output: fresh.port }));
});

Deno.test("a stale output is free once the runtime has deleted its pod", async () => {
  await using after = await reboot();
  const { staleConsumer, fresh } = after;
  await staleConsumer.consumer({ prevResult: undefined }).with({ env: { CNI_NETNS: "" } }).del();
  await fresh.consumer().add();
  await fresh.consumer().check();
});

Deno.test("DEL of stale pods works from the cache alone", async () => {
  await using after = await reboot();
  const { host, stale, staleConsumer } = after;
  await buryProducer(stale);
  await host.assertMirrors(ours("m1", { output: staleConsumer.port }));
});

Deno.test("GC takes stale attachments away, of both roles", async () => {
  await using after = await reboot();
  const { host, fresh } = after;
  await fresh.producer(V110).add();
  const valid = [{ containerID: fresh.containerId, ifname: fresh.ifname }];
  for (const role of ["producer", "consumer"] as const) {
    await host.plugin(role, { "cni.dev/valid-attachments": valid }).silently("GC");
  }
  await host.assertMirrors(ours("m1", { src: [fresh.port], dst: [fresh.port] }));
  assertEquals(host.entries().map(({ name }) => name), ["pod-3-eth1_prod"]);
});

Deno.test("mirrors whose ports are all gone are removed by the first ADD", async () => {
  await using after = await reboot();
  const { host, stale, staleConsumer, fresh } = after;
  for (const pod of [stale, staleConsumer]) await host.db.removePort("br1", pod.port);
  await host.assertMirrors(ours("m1"));
  await fresh.producer({ mirrors: [{ name: "m2", ingress: true }] }).add();
  await host.assertMirrors(ours("m2", { src: [fresh.port] }));
});

Deno.test("ports gone and the cache lost: DEL clears the mirrors all the same", async () => {
  await using after = await reboot();
  const { host, stale, staleConsumer } = after;
  for (const pod of [stale, staleConsumer]) await host.db.removePort("br1", pod.port);
  await Deno.remove(host.cache, { recursive: true });
  await buryProducer(stale);
  await host.assertMirrors();
});
