import { assertEquals, assertMatch } from "@std/assert";
import { formatJson } from "./json.ts";
import { makeReport } from "../../../tests/support/cli/show.ts";

Deno.test("formatJson() has all that is known", () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
  const report = makeReport(
    { br1: { ports, mirrors: [{ name: "m", src: ports, out: "p1" }] } },
    "running",
    "worker-1",
  );
  const { node, switch: state, mirrors: [mirror] } = JSON.parse(formatJson(report));
  assertEquals([node, state], ["worker-1", "running"]);
  assertEquals(mirror.sources.length, 10_000);
  assertEquals(mirror.sources[0], { name: "p0", ingress: true, egress: false });
  const [{ owner, output, allPorts, vlans }] = mirror.rows;
  assertEquals([mirror.name, mirror.bridge, owner, output, allPorts, vlans, mirror.verdict], [
    "m",
    "br1",
    "ovs-cni.network.kubevirt.io",
    { kind: "port", name: "p1", onBridge: true },
    false,
    [],
    { words: ["waiting for the switch"], foreign: false, problem: false, problems: [] },
  ]);
});

Deno.test("formatJson() escapes what could harm a terminal, and means the same", () => {
  const name = 'a"\x1b\x7f\x9b\u202e\n\\';
  const text = formatJson(makeReport({ br1: { mirrors: [{ name }] } }));
  assertMatch(text, /^[\n -~]*$/);
  assertEquals(JSON.parse(text).mirrors[0].name, name);
});

Deno.test("formatJson() is an object without mirrors too", () => {
  assertEquals(formatJson(makeReport({})), '{\n  "switch": "running",\n  "mirrors": []\n}\n');
});
