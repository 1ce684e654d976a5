import { assertEquals } from "@std/assert";
import type { Config } from "../support/cni/chained.ts";
import { Host } from "../support/cni/host.ts";

const VERSIONS = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];
const ROLES = ["producer", "consumer"] as const;

/** A result with everything that a version may have, and members that no version knows. */
function richResult(cniVersion: string, port: string): Config {
  const family = (version: string) => cniVersion < "1.0.0" ? { version } : {};
  const newest = cniVersion === "1.1.0"
    ? { mtu: 1450, socketPath: "/run/vhost", pciID: "0:1" }
    : {};
  return {
    cniVersion,
    interfaces: [
      { name: port, mac: "02:00:00:00:00:01", ...newest, "x-vendor": [1, null, { deep: true }] },
      { name: "eth1", mac: "02:00:00:00:00:02", sandbox: "/var/run/tests/pod-1", ...newest },
    ],
    ips: [
      { ...family("4"), address: "10.1.0.5/16", gateway: "10.1.0.1", interface: 1 },
      { ...family("6"), address: "2001:db8::5/64", interface: 1, "x-vendor": "kept" },
    ],
    routes: [{ dst: "0.0.0.0/0", gw: "10.1.0.1", mtu: 1400, "x-vendor": 1.5 }],
    dns: { nameservers: ["10.1.0.1"], domain: "local", search: ["a", "b"], options: ["ndots:5"] },
    "x-vendor": { unicode: "é\u2028🙂", "": 0 },
  };
}

for (const role of ROLES) {
  for (const cniVersion of VERSIONS) {
    Deno.test(`${role}: ADD, CHECK and DEL of CNI ${cniVersion}`, async () => {
      await using host = await Host.start();
      const pod = await host.addPod();
      const prevResult = richResult(cniVersion, pod.port);
      const plugin = pod[role]({ cniVersion, prevResult });
      assertEquals(await plugin.add(), prevResult);
      if (cniVersion >= "0.4.0") await plugin.check();
      else await plugin.fails("CHECK", 1, cniVersion, "0.4.0");
      // Runtimes pass the result to DEL from 0.4.0 on.
      await plugin.with({ config: cniVersion < "0.4.0" ? { prevResult: undefined } : {} }).del();
      assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
    });
  }

  Deno.test(`${role}: VERSION`, async (t) => {
    await using host = await Host.start();
    for (const cniVersion of [...VERSIONS, "0.2.0", "9.9.9"]) {
      await t.step(cniVersion, async () => {
        const asked = host.plugin(role).with({ stdin: JSON.stringify({ cniVersion }) });
        assertEquals(await asked.run("VERSION"), { cniVersion, supportedVersions: VERSIONS });
      });
    }
    await t.step("of nobody in particular", async () => {
      const asked = host.plugin(role).with({ stdin: "" });
      const newest = { cniVersion: "1.1.0", supportedVersions: VERSIONS };
      assertEquals(await asked.run("VERSION"), newest);
    });
  });

  Deno.test(`${role}: GC and STATUS came with CNI 1.1.0`, async (t) => {
    await using host = await Host.start();
    for (const cniVersion of VERSIONS.filter((version) => version < "1.1.0")) {
      for (const command of ["GC", "STATUS"]) {
        await t.step(`${command} in ${cniVersion}`, async () => {
          const error = await host.plugin(role, { cniVersion })
            .fails(command, 1, command, cniVersion, "1.1.0");
          assertEquals(error.cniVersion, cniVersion);
        });
      }
    }
  });
}

Deno.test("prevResult may be of another version, and is returned in that of the request", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const cniVersion of VERSIONS) {
    for (const other of VERSIONS) {
      await t.step(`${other} within ${cniVersion}`, async () => {
        const prevResult = richResult(other, pod.port);
        const expected: Config = { ...prevResult, cniVersion };
        // An address says its family before 1.0.0; members of a newer version do no harm.
        if (cniVersion < "1.0.0") expected.ips = richResult(cniVersion, pod.port).ips;
        assertEquals(await pod.producer({ cniVersion, prevResult }).add(), expected);
      });
    }
  }
});

Deno.test("prevResult may be as small as cniVersion and interfaces", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const prevResult = { cniVersion: "1.1.0", interfaces: [{ name: pod.port }] };
  const plugin = pod.producer({ cniVersion: "1.1.0", prevResult });
  assertEquals(await plugin.add(), prevResult);
  await plugin.check();
  await plugin.del();
});

Deno.test("a result without cniVersion counts as one of the request's", async () => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { cniVersion: _, ...prevResult } = pod.result();
  assertEquals(await pod.producer({ prevResult }).add(), { ...prevResult, cniVersion: "1.0.0" });
});

Deno.test("versions that the plugins do not speak", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const unknown = ["0.1.0", "0.2.0", "1.2.0", "1.0", "v1.0.0", "", 1, null, undefined, ["1.0.0"]];
  for (const cniVersion of unknown) {
    for (const command of ["ADD", "CHECK"]) {
      await t.step(`${command} in ${JSON.stringify(cniVersion)}`, async () => {
        const error = await pod.producer({ cniVersion, prevResult: pod.result() })
          .fails(command, 1, "cniVersion", ...VERSIONS);
        assertEquals(error.cniVersion, "1.1.0");
      });
    }
  }
  await t.step("DEL takes any, so that the chain before goes too", async () => {
    for (const cniVersion of unknown) {
      await host.unchanged(() => pod.producer({ cniVersion }).del());
    }
  });
  await t.step("prevResult in 0.2.0", async () => {
    const prevResult = { ...pod.result(), cniVersion: "0.2.0" };
    await pod.producer({ prevResult }).fails("ADD", 1, "prevResult");
  });
});

Deno.test("an error is in the version of the request", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const cniVersion of VERSIONS) {
    await t.step(cniVersion, async () => {
      const error = await pod.producer({ cniVersion, bridge: "br9" }).fails("ADD", 101, '"br9"');
      assertEquals(error.cniVersion, cniVersion);
    });
  }
});
