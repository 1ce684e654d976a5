import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { both, type ChainedPlugin } from "../support/cni/chained.ts";
import go from "../fixtures/go_attachment.json" with { type: "json" };
import { goComplaints } from "../support/cni/go_shape.ts";
import { Host, ours } from "../support/cni/host.ts";
import type { RoleName } from "../support/cni/plugin.ts";

const SUFFIX = { producer: "prod", consumer: "cons" };
const ATTACHED = {
  producer: { src: [go.port.name], dst: [go.port.name] },
  consumer: { output: go.port.name },
};

/** A host as the Go implementation leaves it after an ADD, and our plugin for that attachment. */
interface Swap extends AsyncDisposable {
  host: Host;
  plugin: ChainedPlugin;
}

async function attachedByGo(role: RoleName): Promise<Swap> {
  const host = await Host.start();
  await host.db.addPortsWith("br1", go.port.external_ids, go.port.name);
  const port = await host.db.port(go.port.name);
  const columns: Record<string, typeof port> = role === "producer"
    ? { select_src_port: port, select_dst_port: port }
    : { output_port: port };
  const external_ids = stringMap(go.mirror.external_ids);
  await host.db.addMirror("br1", { name: "m1", external_ids, ...columns });
  await Deno.mkdir(host.cache, { mode: 0o700 });
  await Deno.writeTextFile(entryPath(host, role), go.cache, { mode: 0o600 });
  const { containerId, netns, ifname } = go;
  const env = { CNI_CONTAINERID: containerId, CNI_NETNS: netns, CNI_IFNAME: ifname };
  const { PrevResult: prevResult } = JSON.parse(go.cache);
  const plugin = host.plugged(role, env, { prevResult });
  return { host, plugin, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

function entryPath(host: Host, role: RoleName): string {
  return `${host.cache}/${go.containerId}-${go.ifname}_${SUFFIX[role]}`;
}

/** The mirror's row, without what every row has of its own. */
async function mirrorRow(host: Host): Promise<unknown> {
  const [{ _uuid, _version, ...columns } = {}] = await host.db.rows("Mirror");
  return columns;
}

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: CHECK of what Go attached`, async () => {
    await using swap = await attachedByGo(role);
    const { plugin } = swap;
    await plugin.check();
  });

  for (const lost of ["nothing", "prevResult", "prevResult and netns"]) {
    Deno.test(`${role}: DEL of what Go attached, ${lost} lost`, async () => {
      await using swap = await attachedByGo(role);
      const { host, plugin } = swap;
      const config = lost === "nothing" ? {} : { prevResult: undefined };
      const env = lost === "prevResult and netns" ? { CNI_NETNS: "" } : {};
      await plugin.with({ config, env }).del();
      assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
      await plugin.add();
      await host.assertMirrors(ours("m1", ATTACHED[role]));
    });
  }

  Deno.test(`${role}: ADD of what Go attached changes no row`, async () => {
    await using swap = await attachedByGo(role);
    const { host, plugin } = swap;
    const before = await host.db.rows("Mirror");
    await plugin.add();
    assertEquals(await host.db.rows("Mirror"), before);
    assertEquals(goComplaints(await Deno.readTextFile(entryPath(host, role))), []);
  });

  Deno.test(`${role}: an attachment of ours is such as Go leaves it`, async () => {
    await using swap = await attachedByGo(role);
    const { host, plugin } = swap;
    const before = await mirrorRow(host);
    await plugin.del();
    await plugin.add();
    assertEquals(await mirrorRow(host), before);
    const { PrevResult } = JSON.parse(await Deno.readTextFile(entryPath(host, role)));
    assertEquals({ PrevResult }, JSON.parse(go.cache));
  });
}

Deno.test("pods of both implementations share a mirror", async () => {
  await using swap = await attachedByGo("producer");
  const { host, plugin } = swap;
  const pod = await host.addPod();
  await pod.producer().add();
  const all = [pod.port, go.port.name].sort();
  await host.assertMirrors(ours("m1", { src: all, dst: all }));
  await plugin.del();
  await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
  await pod.producer().check();
});

Deno.test("GC leaves what Go attached", async () => {
  await using swap = await attachedByGo("producer");
  const { host } = swap;
  const config = { "cni.dev/valid-attachments": [] };
  await host.unchanged(() => host.plugin("producer", config).run("GC"));
});

Deno.test("Go can read every entry of ours", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const results = {
    "of 0.3.1": {
      cniVersion: "0.3.1",
      interfaces: [{ name: pod.port }],
      ips: [{ version: "4", address: "10.1.0.5/16", gateway: "10.1.0.1", interface: 0 }],
      routes: [{ dst: "0.0.0.0/0", gw: "10.1.0.1" }],
      dns: { nameservers: ["10.1.0.1"] },
    },
    "of 1.1.0": {
      cniVersion: "1.1.0",
      interfaces: [{ name: pod.port, mtu: 1500, socketPath: "/run/x", pciID: "0000:00:1f.6" }],
      ips: [{ address: "2001:db8::5/64", interface: 0 }],
      routes: [{ dst: "::/0", mtu: 1400, advmss: 1360, priority: 100, table: 50, scope: 0 }],
    },
    "with members that nobody knows": { interfaces: [{ name: pod.port, "x-vendor": {} }], x: 1 },
  };
  for (const [name, prevResult] of Object.entries(results)) {
    await t.step(name, async () => {
      await pod.producer({ cniVersion: "1.1.0", prevResult, mirrors: [both("m1")] }).add();
      assertEquals(goComplaints(host.entries()[0]!.content!), []);
    });
  }
  await t.step("and would complain of others", () => {
    assertEquals(goComplaints('{"prevresult":{}}').length, 1);
    assertEquals(goComplaints('{"PrevResult":{"interfaces":[{"name":1}],"dns":[]}}').length, 2);
  });
});
