import { assertEquals } from "@std/assert";
import { both } from "../support/cni/chained.ts";
import { Host, ours } from "../support/cni/host.ts";

Deno.test("a mirror has one output: whoever holds it is named", async () => {
  await using host = await Host.start();
  const holder = await host.addPod();
  const other = await host.addPod();
  await holder.consumer().add();
  await other.consumer().fails("ADD", 103, '"m1"', '"veth1"', '"veth2"', '"br1"');
  await host.assertMirrors(ours("m1", { output: holder.port }));
  await holder.consumer().check();
});

Deno.test("once the holder is deleted, another may have the output", async () => {
  await using host = await Host.start();
  const pods = [await host.addPod(), await host.addPod()];
  for (const pod of pods) {
    await pod.consumer().add();
    await pod.consumer().del();
  }
  await host.assertMirrors();
});

Deno.test("the DEL of a consumer that was refused leaves the holder", async () => {
  await using host = await Host.start();
  const holder = await host.addPod();
  const other = await host.addPod();
  await holder.consumer().add();
  await other.consumer().fails("ADD", 103);
  await host.unchanged(() => other.consumer().del());
});

Deno.test("one mirror taken: none is attached", async () => {
  await using host = await Host.start();
  const holder = await host.addPod();
  const other = await host.addPod();
  await holder.consumer({ mirrors: [{ name: "m2" }] }).add();
  const mirrors = ["m1", "m2", "m3"].map((name) => ({ name }));
  await other.consumer({ mirrors }).fails("ADD", 103, '"m2"', '"veth1"');
});

Deno.test("the same consumer again is success, also when DEL was never called", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.consumer().add();
  await pod.consumer().with({ env: { CNI_CONTAINERID: "restarted" } }).add();
  assertEquals(host.entries().map(({ name }) => name), ["pod-1-eth1_cons", "restarted-eth1_cons"]);
});

Deno.test("a mirror whose output is a VLAN is refused", async () => {
  await using host = await Host.start();
  await host.db.addMirror("br1", { name: "m1", output_vlan: 4000 });
  const pod = await host.addPod();
  await pod.consumer().fails("ADD", 104, '"m1"', "VLAN", "output_vlan");
  await pod.producer().add();
  await pod.producer().del();
});

Deno.test("producers and the consumer come and go in any order", async () => {
  await using host = await Host.start();
  const [producer, consumer] = [await host.addPod(), await host.addPod()];
  const source = { src: [producer.port], dst: [producer.port] };
  await consumer.consumer().add();
  await host.assertMirrors(ours("m1", { output: consumer.port }));
  await producer.producer().add();
  await host.assertMirrors(ours("m1", { ...source, output: consumer.port }));
  await consumer.consumer().del();
  await host.assertMirrors(ours("m1", source));
  await consumer.consumer().add();
  await producer.producer().del();
  await host.assertMirrors(ours("m1", { output: consumer.port }));
});

Deno.test("a port that is the output of one mirror may be a source of another", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.consumer({ mirrors: [{ name: "m1" }] }).add();
  await pod.producer({ mirrors: [both("m2")] }).add();
  const source = { src: [pod.port], dst: [pod.port] };
  await host.assertMirrors(ours("m1", { output: pod.port }), ours("m2", source));
});

Deno.test("of several ports in prevResult, the one of the bridge is the output", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  await host.db.addPorts("br2", "elsewhere");
  const prevResult = { interfaces: [{ name: "elsewhere" }, { name: pod.port }] };
  await pod.consumer({ prevResult }).add();
  await host.assertMirrors(ours("m1", { output: pod.port }));
  await pod.consumer({ prevResult }).check();
  await pod.consumer({ prevResult }).del();
  await host.assertMirrors();
});

Deno.test("of two rows of one name, one taken is enough to be refused", async () => {
  await using host = await Host.start();
  await host.db.addPorts("br1", "holder");
  await host.db.addMirror("br1", { name: "m1" });
  await host.db.addMirror("br1", { name: "m1", output_port: await host.db.port("holder") });
  await (await host.addPod()).consumer().fails("ADD", 103, '"m1"', '"holder"');
});
