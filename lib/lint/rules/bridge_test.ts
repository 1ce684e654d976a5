import { assertEquals } from "@std/assert";
import { definition, feeds, findings, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

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
