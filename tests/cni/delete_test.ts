import { assertEquals } from "@std/assert";
import { both } from "../support/cni/chained.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";

/** Makes sure that nothing of a pod is left. */
async function assertGone(host: Host): Promise<void> {
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: DEL again, and before ADD`, async () => {
    await using host = await Host.start();
    const plugin = (await host.addPod())[role]();
    await host.unchanged(() => plugin.del());
    await plugin.add();
    await plugin.del();
    await assertGone(host);
    await host.unchanged(() => plugin.del());
  });

  /** What may be gone when DEL comes. */
  const LOSSES: Record<string, (pod: Pod) => Promise<unknown>> = {
    "the port": ({ host, port }) => host.db.removePort("br1", port),
    "the mirror": ({ host }) =>
      host.db.transact([{
        op: "update",
        table: "Bridge",
        where: [],
        row: { mirrors: ["set", []] },
      }]),
    "the bridge": ({ host }) =>
      host.db.transact([
        { op: "update", table: "Open_vSwitch", where: [], row: { bridges: ["set", []] } },
      ]),
    "the cache": ({ host }) => Deno.remove(host.cache, { recursive: true }),
    "nothing": () => Promise.resolve(),
  };

  for (const [what, lose] of Object.entries(LOSSES)) {
    for (const prevResult of ["with", "without"]) {
      for (const netns of ["with", "without"]) {
        const name = `${role}: DEL when ${what} is gone, ${prevResult} prevResult, ${netns} netns`;
        Deno.test(name, async () => {
          await using host = await Host.start();
          const pod = await host.addPod();
          const plugin = pod[role]();
          await plugin.add();
          await lose(pod);
          const informed = plugin.with({
            config: prevResult === "with" ? {} : { prevResult: undefined },
            env: netns === "with" ? {} : { CNI_NETNS: "" },
          });
          const clueless = what === "the cache" && prevResult === "without" && netns === "without";
          if (clueless) return await host.unchanged(() => informed.del());
          await informed.del();
          await assertGone(host);
        });
      }
    }
  }

  Deno.test(`${role}: DEL finds the port that ADD found by its marks`, async (t) => {
    await using host = await Host.start();
    const pod = await host.addPod();
    const results = {
      "no interfaces": { cniVersion: "1.0.0" },
      "only a container's": { interfaces: [{ name: "eth1", sandbox: pod.netns }] },
      "one of another plugin": { interfaces: [{ name: "cali0" }] },
    };
    for (const [name, prevResult] of Object.entries(results)) {
      for (const cached of [true, false]) {
        await t.step(`${name}, ${cached ? "with" : "without"} cache`, async () => {
          await pod[role]({ prevResult }).add();
          if (!cached) await Deno.remove(host.cache, { recursive: true });
          await pod[role]({ prevResult }).del();
          await assertGone(host);
        });
      }
    }
  });

  Deno.test(`${role}: DEL with the database down is an error, and works later`, async (t) => {
    for (const config of [{}, { prevResult: undefined }]) {
      await t.step("prevResult" in config ? "without prevResult" : "with prevResult", async () => {
        await using host = await Host.start();
        const plugin = (await host.addPod())[role]();
        await plugin.add();
        await host.db.stop();
        await plugin.with({ config }).fails("DEL", 11, host.db.socket);
        await host.db.run();
        await plugin.with({ config }).del();
        await assertGone(host);
      });
    }
  });
}

Deno.test("DEL leaves other attachments", async () => {
  await using host = await Host.start();
  const [one, two, three] = [await host.addPod(), await host.addPod(), await host.addPod()];
  for (const pod of [one, two]) await pod.producer({ mirrors: [both("m1"), both("m2")] }).add();
  await three.consumer().add();
  await one.producer({ mirrors: [both("m1"), both("m2")] }).del();
  const left = { src: [two.port], dst: [two.port] };
  await host.assertMirrors(ours("m1", { ...left, output: three.port }), ours("m2", left));
  await three.consumer().del();
  await host.assertMirrors(ours("m1", left), ours("m2", left));
});

Deno.test("DEL in any order", async () => {
  await using host = await Host.start();
  const pods = [await host.addPod(), await host.addPod()];
  const plugins = [pods[0]!.producer(), pods[1]!.consumer()];
  for (const [first, second] of [plugins, plugins.toReversed()]) {
    for (const plugin of plugins) await plugin.add();
    await first!.del();
    await second!.del();
    await assertGone(host);
  }
});

Deno.test("a port that only inherited the name of another stays attached", async (t) => {
  const losses = { "nothing lost": {}, "no netns": { CNI_NETNS: "" } };
  for (const [name, env] of Object.entries(losses)) {
    for (const cached of [true, false]) {
      await t.step(`${name}, ${cached ? "with" : "without"} cache`, async () => {
        await using host = await Host.start();
        const old = await host.addPod();
        await old.producer().add();
        await host.db.removePort("br1", old.port);
        const young = await host.addPod({ port: old.port });
        await young.producer().add();
        if (!cached) await Deno.remove(`${host.cache}/pod-1-eth1_prod`);
        await old.producer().with({ env }).del();
        const attached = { src: [young.port], dst: [young.port] };
        await host.assertMirrors(ours("m1", attached));
        await young.producer().check();
      });
    }
  }
});

Deno.test("DEL detaches from what ADD attached to, whatever the configuration says now", async () => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  await pod.producer({ mirrors: [both("m1"), both("m2")] }).add();
  await pod.producer({ bridge: "br2", mirrors: [both("m3")] }).del();
  await assertGone(host);
});

Deno.test("DEL with a configuration that ADD refuses", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const wrong = [{ mirrors: [] }, { mirrors: [{ name: "m1" }] }, { bridge: "" }];
  for (const config of [...wrong, { socket_file: "ssl:x" }, { mirrors: undefined }]) {
    await t.step(JSON.stringify(config), async () => {
      await host.unchanged(() => pod.producer(config).del());
    });
  }
  for (const config of wrong) {
    await t.step(`${JSON.stringify(config)}, and something was attached before`, async () => {
      await pod.producer().add();
      await pod.producer(config).del();
      await assertGone(host);
    });
  }
});

Deno.test("a DEL that comes too late does no harm to a new pod of the same name", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  await pod.producer().add();
  await host.db.removePort("br1", pod.port);
  await pod.producer().with({ env: { CNI_NETNS: "" } }).del();
  await pod.plugIn();
  await pod.producer().add();
  await pod.producer().check();
});
