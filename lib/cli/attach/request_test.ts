import { assertEquals, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { consumer, producer } from "../../mirror/role.ts";
import { CommandError } from "../errors.ts";
import { parseAttach, parseDetach } from "./request.ts";

const POD = ["--pod", "shop/web-0", "--mirror", "m"];

Deno.test("parseAttach() makes a pod a source in both directions, or those that are named", async () => {
  const { port, mirror, seconds } = await parseAttach([...POD, "--for", "10m"], producer);
  assertEquals(port.pod, ["shop/web-0"]);
  assertEquals([mirror.columns, seconds], [["select_src_port", "select_dst_port"], 600]);
  const { mirror: ingress } = await parseAttach([...POD, "--ingress"], producer);
  assertEquals(ingress.columns, ["select_src_port"]);
});

Deno.test("parseAttach() takes several names of one pod, and an IPv6 address", async () => {
  const words = ["--pod", "uid-1", "--remote", "vxlan:2001:db8::1,key=7"];
  const { port, mirror } = await parseAttach([...POD, ...words], producer);
  assertEquals(port.pod, ["shop/web-0", "uid-1"]);
  assertObjectMatch(mirror, { remote: { address: "2001:db8::1", key: 7 } });
});

Deno.test("parseAttach() gives options to the output", async () => {
  const { mirror } = await parseAttach([...POD, "--snaplen", "64", "--shared"], consumer);
  assertObjectMatch(mirror, { columns: ["output_port"], shared: true, options: { snaplen: 64 } });
  const words = [...POD, "--internal", "cap0", "--snaplen", "64"];
  const { mirror: source, internal } = await parseAttach(words, producer);
  assertEquals([source.options, internal?.name], [undefined, "cap0"]);
  assertEquals(internal?.output.options, { snaplen: 64 });
});

Deno.test("parseAttach() refuses what has no meaning", async () => {
  const wrong = [
    ["--mirror", "m"],
    ["--pod", "a/b", "--port", "p", "--mirror", "m"],
    ["--port", "p", "--interface", "eth1", "--mirror", "m"],
    [...POD, "--internal", "a/b"],
    [...POD, "--internal", "cap0", "--remote", "gre:192.0.2.1"],
    [...POD, "--remote", "gre:192.0.2.1,color=1"],
    [...POD, "--for", "0s"],
    [...POD, "web-1"],
  ];
  for (const words of wrong) {
    await assertRejects(() => parseAttach(words, producer), CommandError, undefined, `${words}`);
  }
  await assertRejects(() => parseAttach([...POD, "--vlan", "x"], consumer), CommandError);
});

Deno.test("parseDetach() takes the words of attach, or all there is", () => {
  const words = [...POD, "--internal", "cap0", "--for", "10m", "--snaplen", "64"];
  assertEquals(parseDetach(words).what, {
    port: { pod: ["shop/web-0"], port: undefined, ifname: undefined },
    mirror: "m",
  });
  assertEquals(parseDetach(["--all"]).what, undefined);
  assertThrows(() => parseDetach(["--all", ...POD]), CommandError);
  assertThrows(() => parseDetach([]), CommandError);
});
