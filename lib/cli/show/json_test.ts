import { assertEquals, assertMatch } from "@std/assert";
import { formatJson } from "./json.ts";
import { makeMirrors } from "../../../tests/support/cli/show.ts";

Deno.test("formatJson() has all that is known", () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
  const mirrors = makeMirrors({ br1: { ports, mirrors: [{ name: "m", src: ports, out: "p1" }] } });
  const { mirrors: [mirror] } = JSON.parse(formatJson(mirrors));
  assertEquals(mirror.sources.length, 10_000);
  assertEquals(mirror.sources[0], { name: "p0", ingress: true, egress: false });
  assertEquals([mirror.name, mirror.bridge, mirror.owner, mirror.output, mirror.verdict], [
    "m",
    "br1",
    "ovs-cni.network.kubevirt.io",
    { name: "p1", down: false, onBridge: true },
    { words: ["waiting for the switch"], foreign: false, problem: false },
  ]);
});

Deno.test("formatJson() escapes what could harm a terminal, and means the same", () => {
  const name = 'a"\x1b\x7f\x9b\u202e\n\\';
  const text = formatJson(makeMirrors({ br1: { mirrors: [{ name }] } }));
  assertMatch(text, /^[\n -~]*$/);
  assertEquals(JSON.parse(text).mirrors[0].name, name);
});

Deno.test("formatJson() is an object without mirrors too", () => {
  assertEquals(JSON.parse(formatJson([])), { mirrors: [] });
});
