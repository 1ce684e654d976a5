import { assertEquals } from "@std/assert";
import { definition, feeds, findings, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

function inChain(...plugins: unknown[]): string[] {
  return findings(definition({ plugins }));
}

Deno.test("bridge: another one than that of ovs", () => {
  assertEquals(inChain({ type: "ovs", bridge: "br2" }, feeds("m")), [
    'error bridge: ovs-mirror-producer has bridge "br1", and ovs before it has "br2"; ' +
    "name the same bridge in both",
  ]);
});

Deno.test("bridge: none", () => {
  const without = { ...feeds("m"), bridge: undefined };
  assertEquals(inChain(OVS_BR1, without), [
    "warning bridge: ovs-mirror-producer names no bridge; " +
    'write "bridge": "br1", unless a configuration file on each node does',
  ]);
  assertEquals(inChain(OVS_BR1, { ...without, configuration_path: "/etc/ovs.conf" }), []);
  assertEquals(inChain({ type: "ovs" }, without), []);
  assertEquals(inChain({ type: "ovs" }, feeds("m")), []);
});

Deno.test("bridge: the resource of another one than that of ovs", () => {
  const marked = (resource: string, bridge = "br1") => {
    const { metadata, ...rest } = definition({ plugins: [{ type: "ovs", bridge }] }) as {
      metadata: object;
    };
    const annotations = { "k8s.v1.cni.cncf.io/resourceName": resource };
    return lint({ ...rest, metadata: { ...metadata, annotations } });
  };
  assertEquals(marked("ovs-cni.network.kubevirt.io/br1"), []);
  assertEquals(marked("nvidia.com/br2"), []);
  assertEquals(marked("ovs-cni.network.kubevirt.io/br2"), [
    '1.json:10 warning bridge: k8s.v1.cni.cncf.io/resourceName is of bridge "br2", ' +
    'and ovs has "br1"; name the same bridge in both',
  ]);
});
