import { assertEquals } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  findings,
  lint,
  OVS_BR1,
} from "../../../tests/support/cli/lint.ts";

function inChain(...plugins: unknown[]): string[] {
  return findings(definition({ plugins }));
}

Deno.test("order: after ovs, also with others in between", () => {
  assertEquals(inChain(OVS_BR1, { type: "tuning" }, feeds("m"), consumes("n")), []);
});

Deno.test("order: before ovs", () => {
  assertEquals(inChain(feeds("m"), OVS_BR1), [
    "error order: ovs-mirror-producer stands before ovs; put it after ovs, which makes the port",
  ]);
});

Deno.test("order: without a plugin that makes a port", () => {
  const hint = 'put { "type": "ovs", "bridge": … } before it in "plugins"';
  assertEquals(inChain(feeds("m"), consumes("n")), [
    `error order: no plugin before ovs-mirror-producer makes a port; ${hint}`,
    `error order: no plugin before ovs-mirror-consumer makes a port; ${hint}`,
  ]);
  assertEquals(lint({ cniVersion: "1.0.0", name: "net", ...consumes("m") }).length, 2);
});

Deno.test("order: after another plugin, which may make a port", () => {
  assertEquals(inChain({ type: "sriov" }, consumes("m")), [
    "warning order: ovs is not among the plugins before ovs-mirror-consumer; " +
    "does one of them make a port of the bridge?",
  ]);
});
