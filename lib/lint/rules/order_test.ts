import { assertEquals } from "@std/assert";
import { consumes, definition, feeds, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

function findings(...plugins: unknown[]): string[] {
  return lint(definition({ plugins })).filter((one) => !/ no-(?:consumer|producer):/.test(one))
    .map((finding) => finding.replace(/^\S+ /, ""));
}

Deno.test("order: after ovs, also with others in between", () => {
  assertEquals(findings(OVS_BR1, { type: "tuning" }, feeds("m"), consumes("n")), []);
});

Deno.test("order: before ovs", () => {
  assertEquals(findings(feeds("m"), OVS_BR1), [
    "error order: ovs-mirror-producer stands before ovs; put it after ovs, which makes the port",
  ]);
});

Deno.test("order: without a plugin that makes a port", () => {
  const hint = 'put { "type": "ovs", "bridge": … } before it in "plugins"';
  assertEquals(findings(feeds("m"), consumes("n")), [
    `error order: no plugin before ovs-mirror-producer makes a port; ${hint}`,
    `error order: no plugin before ovs-mirror-consumer makes a port; ${hint}`,
  ]);
  assertEquals(lint({ cniVersion: "1.0.0", name: "net", ...consumes("m") }).length, 2);
});

Deno.test("order: after another plugin, which may make a port", () => {
  assertEquals(findings({ type: "sriov" }, consumes("m")), [
    "warning order: ovs is not among the plugins before ovs-mirror-consumer; " +
    "does one of them make a port of the bridge?",
  ]);
});

Deno.test("bridge: another one than that of ovs", () => {
  assertEquals(findings({ type: "ovs", bridge: "br2" }, feeds("m")), [
    'error bridge: ovs-mirror-producer has bridge "br1", and ovs before it has "br2"; ' +
    "name the same bridge in both",
  ]);
});

Deno.test("bridge: none", () => {
  const without = { ...feeds("m"), bridge: undefined };
  assertEquals(findings(OVS_BR1, without), [
    "warning bridge: ovs-mirror-producer names no bridge; " +
    'write "bridge": "br1", unless a configuration file on each node does',
  ]);
  assertEquals(findings(OVS_BR1, { ...without, configuration_path: "/etc/ovs.conf" }), []);
  assertEquals(findings({ type: "ovs" }, without), []);
  assertEquals(findings({ type: "ovs" }, feeds("m")), []);
});

Deno.test("loop: a port that is source and output of one mirror", () => {
  assertEquals(findings(OVS_BR1, feeds("m", "n"), consumes("o", "m")), [
    'error loop: the port would be both source and output of mirror "m"; ' +
    "feed and consume a mirror in two networks",
  ]);
});
