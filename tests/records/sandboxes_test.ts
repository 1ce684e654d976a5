/**
 * Sandboxes that are dead, or of which a runtime that died knows nothing: what they left stands in
 * nobody's way, and what lives stays.
 */

import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import type { ChainedPlugin, Config } from "../support/cni/chained.ts";
import { assertGone, clueless } from "../support/cni/gone.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { assertFailure } from "../support/cni/outcome.ts";
import type { RoleName } from "../support/cni/plugin.ts";

const UID = "8f6a2f3e-0000-4000-8000-000000000001";
const NULL = { cniVersion: "1.1.0", "cni.dev/valid-attachments": null };

/** A sandbox with a network namespace that is a file, as for a runtime. */
interface Sandbox {
  pod: Pod;
  netns: string;
  plugin(role: RoleName, config?: Config): ChainedPlugin;
  /** The network namespace goes. */
  die(): Promise<void>;
}

/** Makes one; of a pod with a UID, if one is given. */
async function sandbox(host: Host, name: string, uid?: string): Promise<Sandbox> {
  const pod = await host.addPod();
  const place = `${host.db.directory}/netns`;
  await Deno.mkdir(place, { recursive: true });
  const netns = `${place}/${pod.containerId}`;
  await Deno.writeTextFile(netns, "");
  const args = `K8S_POD_NAMESPACE=default;K8S_POD_NAME=${name}${uid ? `;K8S_POD_UID=${uid}` : ""}`;
  await mark(pod, { contNetns: netns, contIface: pod.ifname });
  const env = { CNI_NETNS: netns, CNI_ARGS: args };
  return {
    pod,
    netns,
    plugin: (role, config = {}) =>
      pod[role]({ ...role === "consumer" && { mirrors: [{ name: "m1" }] }, ...config }).with({
        env,
      }),
    die: () => Deno.remove(netns),
  };
}

async function mark({ host, port }: Pod, marks: Record<string, string>): Promise<void> {
  const row = { external_ids: stringMap(marks) };
  await host.db.transact([{ op: "update", table: "Port", where: [["name", "==", port]], row }]);
}

function names(host: Host): string[] {
  return host.entries().map(({ name }) => name);
}

for (const role of ["producer", "consumer"] as const) {
  const suffix = role.slice(0, 4);
  const held = (...pods: Pod[]) => {
    const ports = pods.map(({ port }) => port);
    return ours("m1", role === "producer" ? { src: ports, dst: ports } : { output: ports[0] });
  };

  Deno.test(`${role}: GC with a list that is null leaves what lives`, async () => {
    await using host = await Host.start();
    const one = await sandbox(host, "web-0", UID);
    await one.plugin(role).add();
    await host.unchanged(() => host.plugin(role, NULL).silently("GC"));
    await one.plugin(role).check();
    await host.plugin(role, { ...NULL, "cni.dev/valid-attachments": [] }).silently("GC");
    await assertGone(host);
  });

  Deno.test(`${role}: GC with a list that is null takes what has no network namespace, or no port`, async (t) => {
    for (
      const [name, end] of Object.entries({
        "no network namespace": (one: Sandbox) => one.die(),
        "no port": ({ pod }: Sandbox) => pod.host.db.removePort("br1", pod.port),
      })
    ) {
      await t.step(name, async () => {
        await using host = await Host.start();
        const [dead, living] = [await sandbox(host, "web-0"), await sandbox(host, "web-1")];
        await dead.plugin(role, { mirrors: [{ name: "m2", ingress: true }] }).add();
        await living.plugin(role).add();
        await end(dead);
        await host.plugin(role, NULL).silently("GC");
        await host.assertMirrors(held(living.pod));
        assertEquals(names(host), [`pod-2-eth1_${suffix}`]);
      });
    }
  });

  Deno.test(`${role}: a pod's next sandbox takes over what the one before left on record`, async () => {
    await using host = await Host.start();
    const [old, young] = [await sandbox(host, "web-0", UID), await sandbox(host, "web-0", UID)];
    for (const one of [old, young]) {
      await mark(one.pod, { contNetns: one.netns, contIface: "eth1", contPodUid: UID });
    }
    await old.plugin(role).add();
    await young.plugin(role).add();
    await host.assertMirrors(held(young.pod));
    assertEquals(names(host), [`pod-2-eth1_${suffix}`]);
    await young.plugin(role).check();
    // A DEL that comes late does no harm.
    await old.plugin(role).del();
    await clueless(old.plugin(role)).del();
    await young.plugin(role).check();
    await young.plugin(role).del();
    await assertGone(host);
  });

  Deno.test(`${role}: a pod's next sandbox takes over what is on its port alone`, async () => {
    await using host = await Host.start();
    const [old, young] = [await sandbox(host, "web-0", UID), await sandbox(host, "web-0", UID)];
    for (const one of [old, young]) {
      await mark(one.pod, { contNetns: one.netns, contIface: "eth1", contPodUid: UID });
    }
    await old.plugin(role).add();
    await Deno.remove(host.cache, { recursive: true });
    await young.plugin(role).add();
    await host.assertMirrors(held(young.pod));
  });

  Deno.test(`${role}: another interface of the pod stays, and so does another pod`, async () => {
    await using host = await Host.start();
    const [one, two] = [await sandbox(host, "web-0", UID), await sandbox(host, "web-1", `${UID}2`)];
    const second = await one.pod.addInterface({ port: "second", ifname: "eth2" });
    await mark(second, { contNetns: one.netns, contIface: "eth2", contPodUid: UID });
    await mark(one.pod, { contNetns: one.netns, contIface: "eth1", contPodUid: UID });
    const mirrors = (name: string) => ({ mirrors: [{ name, ingress: true }] });
    const { env } = one.plugin(role).request;
    await one.plugin(role, mirrors("m1")).add();
    await second[role](mirrors("m2")).with({ env: { ...env, CNI_IFNAME: "eth2" } }).add();
    await two.plugin(role, mirrors("m3")).add();
    assertEquals(names(host).length, 3);
    await one.plugin(role, mirrors("m1")).check();
  });
}

Deno.test("a pod's next consumer takes over the output on record, whatever marks the port has", async () => {
  await using host = await Host.start();
  const [old, young] = [await sandbox(host, "web-0", UID), await sandbox(host, "web-0", UID)];
  await old.plugin("consumer").add();
  await young.plugin("consumer").add();
  await host.assertMirrors(ours("m1", { output: young.pod.port }));
  assertEquals(names(host), ["pod-2-eth1_cons"]);
});

Deno.test("an output stays with a pod that lives, and the error says whose it is", async (t) => {
  const cases: [string, string | undefined, string, string | undefined, string][] = [
    ["of another pod", UID, "web-1", `${UID}2`, 'of pod "default/web-0"'],
    ["of no UID", undefined, "web-0", undefined, 'of an earlier sandbox of pod "default/web-0"'],
    [
      "of one that had none",
      undefined,
      "web-0",
      UID,
      'of an earlier sandbox of pod "default/web-0"',
    ],
    ["that has none now", UID, "web-0", undefined, 'of an earlier sandbox of pod "default/web-0"'],
  ];
  for (const [name, before, pod, uid, words] of cases) {
    await t.step(name, async () => {
      await using host = await Host.start();
      const [one, two] = [await sandbox(host, "web-0", before), await sandbox(host, pod, uid)];
      await one.plugin("consumer").add();
      await two.plugin("consumer").fails("ADD", 103, `its output is port "veth1" ${words}`);
      await one.plugin("consumer").check();
    });
  }
});

Deno.test("an output whose network namespace is gone is free", async () => {
  await using host = await Host.start();
  const [old, young] = [await sandbox(host, "web-0"), await sandbox(host, "web-1")];
  await old.plugin("consumer", { mirrors: [{ name: "m1", snaplen: 64 }, { name: "m2" }] }).add();
  await old.die();
  await young.plugin("consumer", { mirrors: [{ name: "m1" }, { name: "m2" }] }).add();
  const output = { output: young.pod.port };
  await host.assertMirrors(ours("m1", output), ours("m2", output));
  assertEquals(names(host), ["pod-2-eth1_cons"]);
  const [{ snaplen }] = await host.db.rows("Mirror", ["snaplen"]) as [{ snaplen: unknown }];
  assertEquals(snaplen, ["set", []]);
});

Deno.test("an output whose network namespace can't be seen is not taken", async () => {
  await using host = await Host.start();
  const [old, young] = [await sandbox(host, "web-0"), await sandbox(host, "web-1")];
  await old.plugin("consumer").add();
  await Deno.remove(`${host.db.directory}/netns`, { recursive: true });
  await young.plugin("consumer").fails("ADD", 103, '"default/web-0"');
});

Deno.test("a record whose ports and network namespace are gone goes with any DEL", async (t) => {
  const ends: Record<string, [boolean, boolean]> = {
    "both": [true, true],
    "the port alone": [true, false],
    "the network namespace alone": [false, true],
  };
  for (const [name, [port, netns]] of Object.entries(ends)) {
    await t.step(name, async () => {
      await using host = await Host.start();
      const [lost, other] = [await sandbox(host, "web-0"), await sandbox(host, "web-1")];
      await lost.plugin("producer").add();
      await other.plugin("producer").add();
      await host.db.stop();
      assertFailure(await lost.plugin("producer").call("DEL"), 11);
      await host.db.run();
      if (port) await host.db.removePort("br1", lost.pod.port);
      if (netns) await lost.die();
      await other.plugin("producer").del();
      assertEquals(names(host), port && netns ? [] : ["pod-1-eth1_prod"]);
    });
  }
});
