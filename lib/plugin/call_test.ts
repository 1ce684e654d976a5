import { assertEquals, assertThrows } from "@std/assert";
import { producerCall } from "../../tests/model/switch/examples.ts";
import { MemoryDirectory } from "../../tests/model/switch/memory.ts";
import { requestFor } from "../../tests/model/switch/request.ts";
import type { PluginRequest } from "../cni/skel.ts";
import type { WantedMirror } from "../mirror/config/config.ts";
import { parseRemoteText } from "../mirror/config/remote.ts";
import { Refusal } from "../mirror/refusal.ts";
import { producer } from "../mirror/role.ts";
import { Call, hostInterfaces } from "./call.ts";
import { Deadline } from "./deadline.ts";

function callOf(ports: string[], command: PluginRequest["command"] = "ADD", podUid?: string): Call {
  const directory = new MemoryDirectory();
  const deadline = new Deadline(1000, new AbortController().signal);
  const attachment = { netns: "/netns/1", ifname: "eth1", ...(podUid && { podUid }) };
  const request = requestFor(command, producerCall({ ports, attachment }));
  return new Call(producer, { directory, deadline, waits: false }, request);
}

/** What a call asks besides names. */
function asked(
  mirrors: Omit<WantedMirror, "name" | "columns">[],
  command?: PluginRequest["command"],
  podUid?: string,
) {
  const wanted = mirrors.map((one, index): WantedMirror => ({
    name: `m${index}`,
    columns: [],
    ...one,
  }));
  const query = callOf([], command, podUid).query({ bridge: "br1", mirrors: wanted });
  const { role: _, bridge: _1, mirrors: _2, ports: _3, attachment: _4, ...more } = query;
  return more;
}

Deno.test("hostInterfaces() are those without a sandbox, but for the bridge's own, each once", () => {
  const interfaces = [
    ...[{ name: "eth0", sandbox: "/netns/1" }, { name: "b", sandbox: "" }, { name: "a" }],
    ...[{ name: "br1" }, { name: "a" }, { name: "c\0" }],
  ];
  const result = { interfaces, members: {} };
  assertEquals(hostInterfaces(result, "br1"), ["b", "a"]);
  assertEquals(hostInterfaces(result), ["b", "a", "br1"]);
  assertEquals(hostInterfaces(undefined, "br1"), []);
});

Deno.test("Call.query() asks for options and tunnels where a mirror wants any, and for its pod on ADD", () => {
  const remote = parseRemoteText("gre:192.0.2.10");
  const columns = ["select_all", "select_vlan", "snaplen"];
  const plain = { tunnels: [], optionColumns: columns };
  const cases: [Parameters<typeof asked>, object][] = [
    [[[{}]], {}],
    [[[{}, { shared: true }]], plain],
    [[[{}, { options: { snaplen: 64 } }]], plain],
    [[[{ options: { all: true } }, { options: { filter: "tcp" } }]], {
      ...plain,
      optionColumns: [...columns, "filter"],
    }],
    [[[{}, { remote }, { remote }]], { ...plain, tunnels: [remote.port] }],
    [[[{}], "ADD", "u1"], { ofPod: true }],
    [[[{}], "CHECK", "u1"], {}],
  ];
  for (const [args, expected] of cases) assertEquals(asked(...args), expected);
});

Deno.test("Call.query() looks 1000 interfaces up, and refuses one more", () => {
  const names = Array.from({ length: 1001 }, (_, index) => `p${index}`);
  const ask = (ports: string[]) => callOf(ports).query({ bridge: "br1", mirrors: [] }).ports.length;
  assertEquals(ask(names.slice(1)), 1000);
  assertThrows(() => ask(names), Refusal, "prevResult names 1001 interfaces of the host");
});
