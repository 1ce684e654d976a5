/**
 * Rows that consumers of one mirror leave: the datapath carries 32 of a bridge, so none is left that
 * nobody needs.
 */

import { assertEquals } from "@std/assert";
import type { Config } from "../support/cni/chained.ts";
import { Host, type Pod } from "../support/cni/host.ts";

const SHARED = { mirrors: [{ name: "m1", shared: true }] };

/** A mirror with a source, and consumers that share it. */
async function shared(...configs: Config[]): Promise<{ host: Host; pods: Pod[] }> {
  const host = await Host.start();
  await (await host.addPod()).producer().add();
  const pods: Pod[] = [];
  for (const config of configs) {
    const pod = await host.addPod();
    await pod.consumer(config).add();
    pods.push(pod);
  }
  return { host, pods };
}

async function outputs(host: Host): Promise<(string | undefined)[]> {
  return (await host.db.mirrors()).map(({ output }) => output);
}

for (const config of [{}, SHARED]) {
  const kind = "mirrors" in config ? "one that shares" : "a plain one";
  Deno.test(`after a reboot a consumer takes one of the rows that others left: ${kind}`, async () => {
    const { host, pods } = await shared(SHARED, SHARED, SHARED);
    await using _ = host;
    for (const { port } of pods) await host.db.removePort("br1", port);
    const next = await host.addPod();
    await next.consumer(config).add();
    assertEquals(await outputs(host), [next.port]);
    await next.consumer(config).check();
    await next.consumer(config).add();
    await next.consumer(config).del();
    assertEquals(await outputs(host), [undefined]);
  });
}

Deno.test("a plain consumer's ADD comes again, beside one that shares", async () => {
  const { host, pods: [one, two] } = await shared({}, SHARED);
  await using _ = host;
  await one!.consumer().add();
  await one!.consumer().check();
  assertEquals((await outputs(host)).sort(), [one!.port, two!.port].sort());
});

Deno.test("several rows of other tools are one mirror: a consumer is the output of each", async () => {
  await using host = await Host.start();
  const [source, pod] = [await host.addPod(), await host.addPod()];
  const port = await host.db.port(source.port);
  for (const column of ["select_src_port", "select_dst_port"]) {
    await host.db.addMirror("br1", { name: "m1", [column]: port });
  }
  await pod.consumer().add();
  assertEquals(await outputs(host), [pod.port, pod.port]);
  await pod.consumer().check();
  await pod.consumer().del();
  assertEquals(await outputs(host), [undefined, undefined]);
});

Deno.test("the row of a consumer of the Go implementation goes with it, once another shares the mirror", async () => {
  const { host, pods: [go, other] } = await shared({}, SHARED);
  await using _ = host;
  const path = `${host.cache}/${go!.containerId}-eth1_cons`;
  await Deno.writeTextFile(path, JSON.stringify({ PrevResult: go!.result() }));
  await go!.consumer().del();
  assertEquals(await outputs(host), [other!.port]);
  await other!.consumer(SHARED).check();
});

Deno.test("DEL of an attachment of the Go implementation, by another path of the namespace", async () => {
  const { host, pods: [go] } = await shared({});
  await using _ = host;
  const path = `${host.cache}/${go!.containerId}-eth1_cons`;
  await Deno.writeTextFile(path, JSON.stringify({ PrevResult: {} }));
  const env = { CNI_NETNS: go!.netns.replace("/var/run/", "/run/") };
  await go!.consumer({ prevResult: undefined }).with({ env }).del();
  assertEquals([await outputs(host), host.entries().length], [[undefined], 1]);
});
