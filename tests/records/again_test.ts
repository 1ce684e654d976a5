/**
 * ADD that comes again without a DEL, as after a power cut with ids that are stable, and CHECK of
 * what has changed since.
 */

import { assertEquals } from "@std/assert";
import { type Config, ingress } from "../support/cni/chained.ts";
import { assertGone, clueless } from "../support/cni/gone.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";

/** Names of the ports on record, and how many parts there are. */
function recorded(host: Host): [string[], number] {
  const [entry] = host.entries();
  const { parts } = JSON.parse(entry!.content!);
  return [
    parts.flatMap(({ ports }: { ports: Config[] }) => ports.map(({ name }) => name)),
    parts.length,
  ];
}

/** The same attachment with another port. */
async function replug(host: Host, pod: Pod, port: string): Promise<Config> {
  await host.db.removePort("br1", pod.port);
  await (await host.addPod()).addInterface({ port });
  await host.db.addPorts("br1", `${port}x`);
  return { cniVersion: "1.0.0", interfaces: [{ name: `${port}x` }] };
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: ADD again with another port: the port that is gone leaves the record`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod[role]().add();
    const prevResult = await replug(host, pod, "new0");
    const again = pod[role]({ prevResult });
    await again.add();
    assertEquals(recorded(host), [["new0x"], 1]);
    await again.check();
    await pod[role]({ prevResult: { cniVersion: "1.0.0", interfaces: [] } }).check();
    await clueless(again).del();
    await assertGone(host);
  });
}

Deno.test("ADD again on another bridge: DEL clears up both", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  await pod.producer().add();
  await host.db.removePort("br1", pod.port);
  await host.db.addPorts("br2", "new0");
  const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: "new0" }] };
  const again = pod.producer({ prevResult, bridge: "br2", mirrors: [ingress("m2")] });
  await again.add();
  await again.check();
  await clueless(again).del();
  await assertGone(host);
});

Deno.test("ADD of a consumer again with another port, and the one before is there still", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.consumer().add();
  await host.db.addPorts("br1", "new0");
  const again = pod.consumer({
    prevResult: { cniVersion: "1.0.0", interfaces: [{ name: "new0" }] },
  });
  await again.add();
  await again.check();
  await host.assertMirrors(ours("m1", { output: "new0" }));
  assertEquals(recorded(host), [["new0"], 1]);
  await clueless(again).del();
  await assertGone(host);
});

Deno.test("ADD again with another port, and the one before is there still: DEL takes both", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  await host.db.addPorts("br1", "new0");
  const again = pod.producer({
    prevResult: { cniVersion: "1.0.0", interfaces: [{ name: "new0" }] },
  });
  await again.add();
  assertEquals(recorded(host), [[pod.port, "new0"], 1]);
  await again.check();
  await clueless(again).del();
  await assertGone(host);
});

Deno.test("CHECK of several ports misses the one that is gone", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const second = await pod.addInterface({ port: "second", ifname: "eth2" });
  const interfaces = [{ name: pod.port }, { name: second.port }];
  const producer = pod.producer({ prevResult: { cniVersion: "1.0.0", interfaces } });
  await producer.add();
  await host.db.removePort("br1", pod.port);
  await producer.fails("CHECK", 106, `port "${pod.port}" is not on bridge "br1" any more`);
});

Deno.test("CHECK tells a port that was deleted and made again under its name", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  await host.db.removePort("br1", pod.port);
  await pod.plugIn();
  const again = `port "${pod.port}" was deleted and made again since`;
  await pod.producer().fails("CHECK", 106, again, "delete the pod");
  await pod.producer().add();
  await pod.producer().check();
  await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
});

Deno.test("CHECK tells a configuration that has changed from a switch that has", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer({ mirrors: [ingress("m1")] }).add();
  const changes = [[ingress("m1"), ingress("m2")], [{ name: "m1", ingress: true, egress: true }]];
  for (const mirrors of changes) {
    const changed = pod.producer({ mirrors });
    await changed.fails("CHECK", 106, "configuration has changed since ADD", "create it again");
  }
  await host.db.transact([{
    op: "update",
    table: "Mirror",
    where: [],
    row: { select_src_port: ["set", []] },
  }]);
  await pod.producer({ mirrors: [ingress("m1")] }).fails("CHECK", 106, "who changed the switch");
});

Deno.test("CHECK of a mirror without a direction beside one with: what the Go implementation attaches", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer({ mirrors: [ingress("m1")] }).add();
  await pod.producer({ mirrors: [ingress("m1"), { name: "m2" }] }).check();
});

Deno.test("CHECK without a record and without a bridge", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const producer = pod.producer({ bridge: undefined });
  await producer.fails("CHECK", 7, "the configuration names no bridge", "correct the network");
});
