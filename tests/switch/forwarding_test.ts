import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Row, stringMap } from "../../lib/ovsdb/value.ts";
import { both } from "../support/cni/chained.ts";
import { DummyPorts } from "../support/ovs/dummy_ports.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { assertSuccess } from "../support/cni/outcome.ts";
import { callPlugin, prevResult } from "../support/cni/plugin.ts";
import { BRIDGE } from "../support/cni/pods.ts";
import { Switch } from "../support/ovs/switch.ts";

const SOME = ["set", [10, 20]] as const;

/** Ports by what they do with tags. */
const PORTS: Readonly<Record<string, Row>> = {
  access: { tag: 10 },
  "access-other": { tag: 20 },
  trunk: {},
  "trunk-some": { trunks: SOME },
  "native-tagged": { vlan_mode: "native-tagged", tag: 10, trunks: SOME },
  "native-untagged": { vlan_mode: "native-untagged", tag: 10, trunks: SOME },
  "prio-always": { tag: 10, other_config: stringMap({ "priority-tags": "always" }) },
  "prio-nonzero": { tag: 10, other_config: stringMap({ "priority-tags": "if-nonzero" }) },
  tunnel: { vlan_mode: "dot1q-tunnel", tag: 10 },
};

/** Tags that a frame may come with. */
const TAGS = [
  "", // none
  "8100a000", // a priority alone
  "8100600a", // VLAN 10, with a priority
  "81000014", // VLAN 20
  "8100001e", // VLAN 30
  "88a8000a81000014", // VLAN 20 in VLAN 10
  "8100000a81000014", // the same, as older switches do it
];

const EVERYBODY = "ffffffffffff";

Deno.test({
  name: "a port forwards the same frames, bit for bit, whether it is attached, or was",
  ignore: await lacksSwitch(),
  async fn() {
    const never = await forwarded(async () => {});
    const attached = await forwarded(async (vswitch) => {
      const before = await settings(vswitch);
      await call(vswitch, "ADD");
      const after = await settings(vswitch);
      for (const name of Object.keys(PORTS)) {
        // Where the setting means something, it is left alone.
        if (name === "tunnel") assertEquals(after.get(name), before.get(name));
        else assertNotEquals(after.get(name), before.get(name), name);
      }
    });
    const detached = await forwarded(async (vswitch) => {
      const before = await settings(vswitch);
      await call(vswitch, "ADD");
      await call(vswitch, "DEL");
      assertEquals(await settings(vswitch), before);
    });

    for (const name of Object.keys(PORTS)) assert(never[name]!.length >= 8, name);
    assertEquals(attached, never);
    assertEquals(detached, never);
  },
});

/** What ports send of frames of every kind that every port receives, once they are prepared. */
async function forwarded(prepare: (vswitch: Switch) => Promise<void>) {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  const ports = await DummyPorts.make(vswitch, BRIDGE, PORTS);
  await prepare(vswitch);
  await vswitch.settle();
  for (const to of [EVERYBODY, address(0), address(2)]) {
    for (const [index, name] of ports.names.entries()) {
      const frames = TAGS.map((tag) => `${to}${address(index)}${tag}88b5${"00".repeat(46)}`);
      await ports.receive(name, ...frames);
    }
  }
  return await ports.sent();
}

function address(port: number): string {
  return `02000000000${port}`;
}

/** Makes all ports sources of a mirror, or undoes that. */
async function call({ db, node }: Switch, command: "ADD" | "DEL"): Promise<void> {
  for (const port of Object.keys(PORTS)) {
    const outcome = await callPlugin("producer", {
      directory: db.directory,
      command,
      env: { CNI_CONTAINERID: port },
      config: {
        bridge: BRIDGE,
        mirrors: [both("m1")],
        socket_file: `unix:${db.socket}`,
        prevResult: prevResult(port),
      },
      through: node.enter,
    });
    assertSuccess(outcome);
  }
}

/** What ports are set to that mirrors have nothing to do with. */
async function settings({ db }: Switch): Promise<Map<string, Row>> {
  const rows = await db.rows("Port", ["name", "vlan_mode", "tag", "trunks", "other_config"]);
  return new Map(rows.map((row) => [String(row.name), row]));
}
