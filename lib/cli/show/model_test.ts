import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../../ovsdb/error.ts";
import { readMirrors } from "./model.ts";
import { makeTables } from "../../../tests/support/cli/show.ts";

Deno.test("readMirrors() gives ports their names and what the ovs plugin recorded", () => {
  const marks = { contIface: "net1", contNetns: "/var/run/netns/a", contPodUid: "1-2-3" };
  const [mirror] = readMirrors(makeTables({
    br1: {
      ports: ["veth3", { name: "veth1", marks }, { name: "veth2", marks: { contPodUid: "" } }],
      mirrors: [{
        name: "m",
        id: "1",
        src: ["veth2", "veth1"],
        dst: ["veth1"],
        out: "veth3",
        carried: [5, 426],
      }],
    },
  }));
  assertEquals(mirror, {
    id: "1",
    name: "m",
    bridge: "br1",
    owner: "ovs-cni.network.kubevirt.io",
    sources: [
      {
        name: "veth1",
        interface: "net1",
        netns: "/var/run/netns/a",
        podUid: "1-2-3",
        ingress: true,
        egress: true,
      },
      {
        name: "veth2",
        interface: undefined,
        netns: undefined,
        podUid: undefined,
        ingress: true,
        egress: false,
      },
    ],
    allPorts: false,
    vlans: [],
    output: {
      name: "veth3",
      interface: undefined,
      netns: undefined,
      podUid: undefined,
      down: false,
      onBridge: true,
    },
    outputVlan: undefined,
    traffic: { packets: 5, bytes: 426 },
  });
});

Deno.test("readMirrors() sorts by bridge, name and identifier", () => {
  const mirrors = readMirrors(makeTables({
    br2: { mirrors: [{ name: "a", id: "1" }] },
    br1: { mirrors: [{ name: "b", id: "4" }, { name: "a", id: "3" }, { name: "a", id: "2" }] },
  }));
  assertEquals(mirrors.map(({ id }) => id), ["2", "3", "4", "1"]);
});

Deno.test("readMirrors() reads what other tools may have set", () => {
  const [mirror] = readMirrors(makeTables({
    br1: {
      mirrors: [{
        name: "m",
        owner: null,
        columns: { select_all: true, select_vlan: ["set", [10, 20]], output_vlan: 100 },
      }],
    },
  }));
  assertEquals(
    [mirror!.owner, mirror!.allPorts, mirror!.vlans, mirror!.outputVlan, mirror!.traffic],
    [undefined, true, [10, 20], 100, undefined],
  );
});

const STATES: [name: string, interfaces: Record<string, string | number>[], down: boolean][] = [
  ["up", [{}], false],
  ["without link", [{ link_state: "down" }], true],
  ["switched off", [{ admin_state: "down" }], true],
  ["without number", [{ ofport: -1 }], true],
  ["with an error", [{ error: "could not open" }], true],
  ["a bond with one end up", [{ link_state: "down" }, {}], false],
  ["a bond with no end up", [{ link_state: "down" }, { ofport: -1 }], true],
];

for (const [name, interfaces, down] of STATES) {
  Deno.test(`readMirrors() knows whether an output is down: ${name}`, () => {
    const [mirror] = readMirrors(makeTables({
      br1: { ports: [{ name: "p", interfaces }], mirrors: [{ name: "m", out: "p" }] },
    }));
    assertEquals(mirror!.output!.down, down);
  });
}

Deno.test("readMirrors() takes an interface that no switch has looked at for up", () => {
  const none = ["set", []] as const;
  const unseen = { link_state: none, admin_state: none, ofport: none };
  const [mirror] = readMirrors(makeTables({
    br1: { ports: [{ name: "p", interfaces: [unseen] }], mirrors: [{ name: "m", out: "p" }] },
  }));
  assertEquals(mirror!.output!.down, false);
});

Deno.test("readMirrors() notices an output on another bridge", () => {
  const [mirror] = readMirrors(makeTables({
    br1: { mirrors: [{ name: "m", out: "p" }] },
    br2: { ports: ["p"] },
  }));
  assertEquals(mirror!.output!.onBridge, false);
});

Deno.test("readMirrors() passes over rows that the server has not announced yet", () => {
  const tables = new Map(makeTables({
    br1: { mirrors: [{ name: "a", src: ["p"], out: "p" }, { name: "b" }] },
  }));
  tables.set("Mirror", new Map([...tables.get("Mirror")!].slice(0, 1)));
  const [mirror, ...others] = readMirrors(tables);
  assertEquals([mirror!.sources, mirror!.output, others], [[], undefined, []]);
});

Deno.test("readMirrors() refuses rows that are not Open vSwitch's", () => {
  const tables = new Map([["Bridge", new Map([["1", { name: 1, ports: 2, mirrors: 3 }]])]]);
  assertThrows(() => readMirrors(tables), ProtocolError);
});
