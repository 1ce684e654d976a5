import { assertEquals } from "@std/assert";
import { uuid } from "../../lib/ovsdb/value.ts";
import { both, type ChainedPlugin, type Config, egress, ingress } from "../support/cni/chained.ts";
import { Host, ours } from "../support/cni/host.ts";

/** ADD as a runtime calls a chain: each plugin gets the result of the one before. */
async function addChain(plugins: ChainedPlugin[]): Promise<Config | undefined> {
  let result = plugins[0]?.request.config?.prevResult as Config | undefined;
  for (const plugin of plugins) {
    result = await plugin.with({ config: { prevResult: result } }).add();
  }
  return result;
}

/** DEL as a runtime calls a chain: the last plugin first. */
async function deleteChain(plugins: ChainedPlugin[], prevResult?: Config): Promise<void> {
  for (const plugin of plugins.toReversed()) await plugin.with({ config: { prevResult } }).del();
}

Deno.test("producer and consumer in one list", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const plugins = [
    pod.producer({ mirrors: [both("m1")] }),
    pod.consumer({ mirrors: [{ name: "m2" }] }),
  ];
  const result = await addChain(plugins);
  assertEquals(result, pod.result());
  const produced = { src: [pod.port], dst: [pod.port] };
  await host.assertMirrors(ours("m1", produced), ours("m2", { output: pod.port }));
  assertEquals(host.entries().map(({ name }) => name), ["pod-1-eth1_cons", "pod-1-eth1_prod"]);
  for (const plugin of plugins) await plugin.check();
  await deleteChain(plugins, result);
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
});

for (const knows of ["prevResult", "the cache alone"]) {
  Deno.test(`two producers in one list share an entry; DEL knows ${knows}`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    const plugins = [
      pod.producer({ mirrors: [ingress("m1"), ingress("m2")] }),
      pod.producer({ mirrors: [egress("m2"), egress("m3")] }),
    ];
    const result = await addChain(plugins);
    const [m1, m2, m3] = [{ src: [pod.port] }, { dst: [pod.port] }, { dst: [pod.port] }];
    await host.assertMirrors(ours("m1", m1), ours("m2", { ...m1, ...m2 }), ours("m3", m3));
    const [part, ...others] = JSON.parse(host.entries()[0]!.content!).parts;
    const rows = new Map(
      (await host.db.rows("Mirror", ["_uuid", "name"])).map((
        { _uuid, name },
      ) => [name, uuid(_uuid)]),
    );
    assertEquals([part.mirrors, others], [[
      { name: "m1", columns: ["select_src_port"], rows: [rows.get("m1")] },
      { name: "m2", columns: ["select_src_port", "select_dst_port"], rows: [rows.get("m2")] },
      { name: "m3", columns: ["select_dst_port"], rows: [rows.get("m3")] },
    ], []]);
    for (const plugin of plugins) await plugin.check();
    if (knows === "prevResult") await deleteChain(plugins, result);
    else await deleteChain(plugins.map((plugin) => plugin.with({ env: { CNI_NETNS: "" } })));
    assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
  });
}

Deno.test("two producers in one list may be on different bridges", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  const second = await pod.addInterface({ bridge: "br2", port: "second", ifname: "eth1" });
  const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: pod.port }, { name: "second" }] };
  const plugins = [
    pod.producer({ prevResult, mirrors: [ingress("m1")] }),
    second.producer({ prevResult, mirrors: [ingress("m2")] }),
  ];
  const result = await addChain(plugins);
  const onSecond = ours("m2", { bridge: "br2", src: ["second"] });
  await host.assertMirrors(ours("m1", { src: [pod.port] }), onSecond);
  await deleteChain(plugins, result);
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
});

Deno.test("a chain that fails half-way is undone by the runtime's DEL", async () => {
  await using host = await Host.start("br1", "br2");
  await host.db.addMirror("br2", { name: "elsewhere" });
  const pod = await host.addPod();
  const plugins = [
    pod.producer({ mirrors: [both("m1")] }),
    pod.consumer({ mirrors: [{ name: "elsewhere" }] }),
  ];
  await plugins[0]!.add();
  await plugins[1]!.fails("ADD", 102, '"elsewhere"', '"br2"');
  // After a failed ADD there is no result to pass on.
  await deleteChain(plugins);
  assertEquals([(await host.db.mirrors()).length, host.entries()], [1, []]);
});

for (const first of ["producer", "consumer"] as const) {
  Deno.test(`a port may not be both source and output of a mirror, ${first} first`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    const second = first === "producer" ? "consumer" : "producer";
    await pod[first]().add();
    await pod[second]().fails("ADD", 104, '"veth1"', '"m1"', "both source and output");
    await pod[first]().del();
    await pod[second]().add();
    await host.assertMirrors(ours(
      "m1",
      second === "consumer" ? { output: pod.port } : {
        src: [pod.port],
        dst: [pod.port],
      },
    ));
  });
}
