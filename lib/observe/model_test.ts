import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../ovsdb/error.ts";
import type { Row } from "../ovsdb/value.ts";
import { type Mirror, type MirrorRow, type PortOutput, readMirrors, totals } from "./model.ts";
import { makeTables } from "../../tests/support/cli/show.ts";

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
  const { rows: [row], ...others } = mirror!;
  const unknown = {
    pod: undefined,
    interface: undefined,
    netns: undefined,
    podUid: undefined,
    state: undefined,
    error: undefined,
    mtu: undefined,
  };
  assertEquals(others, {
    name: "m",
    bridge: "br1",
    sources: [
      {
        ...unknown,
        name: "veth1",
        interface: "net1",
        netns: "/var/run/netns/a",
        podUid: "1-2-3",
        ingress: true,
        egress: true,
      },
      { ...unknown, name: "veth2", ingress: true, egress: false },
    ],
    sameSources: true,
  });
  assertEquals(row, {
    id: "1",
    owner: "ovs-cni.network.kubevirt.io",
    allPorts: false,
    vlans: [],
    filter: undefined,
    snaplen: undefined,
    selected: 3,
    output: { ...unknown, kind: "port", name: "veth3", onBridge: true, dropped: undefined },
    traffic: { packets: 5, bytes: 426 },
  });
});

/** The output of a row, which is a port. */
function portOf({ output }: MirrorRow): PortOutput {
  if (output?.kind !== "port") throw new Error("the output is no port");
  return output;
}

Deno.test("readMirrors() has pods named, by port and network namespace", () => {
  const marks = { contNetns: "/var/run/netns/a" };
  const tables = makeTables({
    br1: { ports: [{ name: "p", marks }, "q"], mirrors: [{ name: "m", src: ["p"], out: "q" }] },
  });
  const [mirror] = readMirrors(tables, { podOf: (port, netns) => `${port}/${netns}` });
  assertEquals(mirror!.sources[0]!.pod, "p//var/run/netns/a");
  assertEquals(portOf(mirror!.rows[0]!).pod, "q/undefined");
});

Deno.test("readMirrors() makes one mirror of the rows of one name on one bridge", () => {
  const [mirror, other, ...none] = readMirrors(makeTables({
    br1: {
      ports: ["a", "b", "x", "y"],
      mirrors: [
        { name: "m", id: "2", src: ["a"], dst: ["b"], out: "y" },
        { name: "m", id: "1", src: ["a"], dst: ["b"], out: "x", columns: { snaplen: 64 } },
      ],
    },
    br2: { mirrors: [{ name: "m" }] },
  }));
  assertEquals(
    mirror!.rows.map(({ output, snaplen }) => [output?.kind === "port" && output.name, snaplen]),
    [
      ["x", 64],
      ["y", undefined],
    ],
  );
  assertEquals(mirror!.sources.map(({ name }) => name), ["a", "b"]);
  assertEquals([mirror!.sameSources, other!.bridge, none], [true, "br2", []]);
});

Deno.test("readMirrors() sees that of two rows one takes all ports", () => {
  for (const [two, isSame] of [[true, true], [false, false]]) {
    const [mirror] = readMirrors(makeTables({
      br1: {
        mirrors: [true, two].map((all) => ({ name: "m", columns: { select_all: all! } })),
      },
    }));
    assertEquals(mirror!.sameSources, isSame);
  }
});

Deno.test("readMirrors() adds up what the interfaces of an output dropped", () => {
  const dropped = (...counts: [string, number][]): Row => ({ statistics: ["map", counts] });
  const interfaces = [dropped(["tx_dropped", 3], ["tx_errors", 1], ["rx_dropped", 9]), dropped()];
  const [mirror] = readMirrors(makeTables({
    br1: { ports: [{ name: "p", interfaces }], mirrors: [{ name: "m", out: "p" }] },
  }));
  assertEquals(portOf(mirror!.rows[0]!).dropped, 4);
});

Deno.test("readMirrors() takes what a server does not have for unknown", () => {
  const tables = new Map([
    ["Bridge", new Map([["b", { name: "br1", mirrors: ["uuid", "m"] } as Row]])],
    ["Mirror", new Map([["m", { name: "m", output_port: ["uuid", "p"] } as Row]])],
    ["Port", new Map([["p", { name: "p", interfaces: ["uuid", "i"] } as Row]])],
  ]);
  const [{ sources, rows: [row] }] = readMirrors(tables) as [Mirror];
  assertEquals([sources, row!.owner, row!.traffic, portOf(row!).name], [
    [],
    undefined,
    undefined,
    "p",
  ]);
});

Deno.test("readMirrors() sorts by bridge, name and identifier", () => {
  const mirrors = readMirrors(makeTables({
    br2: { mirrors: [{ name: "a", id: "1" }] },
    br1: { mirrors: [{ name: "b", id: "4" }, { name: "a", id: "3" }, { name: "a", id: "2" }] },
  }));
  const ids = mirrors.flatMap(({ rows }) => rows.map(({ id }) => id));
  assertEquals(ids, ["2", "3", "4", "1"]);
});

Deno.test("readMirrors() reads what other tools may have set", () => {
  const [mirror] = readMirrors(makeTables({
    br1: {
      mirrors: [{
        name: "m",
        owner: null,
        columns: {
          select_all: true,
          select_vlan: ["set", [10, 20]],
          output_vlan: 100,
          filter: "tcp",
        },
      }],
    },
  }));
  const [row] = mirror!.rows;
  assertEquals(
    [row!.owner, row!.allPorts, row!.vlans, row!.output, row!.traffic, row!.filter],
    [undefined, true, [10, 20], { kind: "vlan", vlan: 100 }, undefined, "tcp"],
  );
});

Deno.test("readMirrors() takes an empty filter for none", () => {
  const mirrors = [{ name: "m", columns: { filter: "" } }];
  assertEquals(readMirrors(makeTables({ br1: { mirrors } }))[0]!.rows[0]!.filter, undefined);
});

const STATES: [name: string, interfaces: Record<string, string | number>[], state?: string][] = [
  ["up", [{}], undefined],
  ["without link", [{ link_state: "down" }], "down"],
  ["switched off", [{ admin_state: "down" }], "down"],
  ["without number", [{ ofport: -1 }], "gone"],
  ["with an error", [{ error: "could not open" }], "gone"],
  ["a bond with one end up", [{ link_state: "down" }, {}], undefined],
  ["a bond with no end up", [{ link_state: "down" }, { ofport: -1 }], "down"],
];

for (const [name, interfaces, state] of STATES) {
  Deno.test(`readMirrors() knows whether a port is down: ${name}`, () => {
    const [mirror] = readMirrors(makeTables({
      br1: { ports: [{ name: "p", interfaces }], mirrors: [{ name: "m", out: "p" }] },
    }));
    assertEquals(portOf(mirror!.rows[0]!).state, state);
  });
}

Deno.test("readMirrors() takes the MTU of a bond's smallest interface", () => {
  const interfaces = [{ mtu: 9000 }, { mtu: 1500 }];
  const [mirror] = readMirrors(makeTables({
    br1: { ports: [{ name: "p", interfaces }], mirrors: [{ name: "m", out: "p" }] },
  }));
  assertEquals(portOf(mirror!.rows[0]!).mtu, 1500);
});

Deno.test("readMirrors() takes an interface that no switch has looked at for up", () => {
  const none = ["set", []] as const;
  const unseen = { link_state: none, admin_state: none, ofport: none };
  const [mirror] = readMirrors(makeTables({
    br1: { ports: [{ name: "p", interfaces: [unseen] }], mirrors: [{ name: "m", out: "p" }] },
  }));
  assertEquals(portOf(mirror!.rows[0]!).state, undefined);
});

Deno.test("readMirrors() notices an output on another bridge", () => {
  const [mirror] = readMirrors(makeTables({
    br1: { mirrors: [{ name: "m", out: "p" }] },
    br2: { ports: ["p"] },
  }));
  assertEquals(portOf(mirror!.rows[0]!).onBridge, false);
});

Deno.test("readMirrors() passes over rows that the server has not announced yet", () => {
  const tables = new Map(makeTables({
    br1: { mirrors: [{ name: "a", src: ["p"], out: "p" }, { name: "b" }] },
  }));
  tables.set("Mirror", new Map([...tables.get("Mirror")!].slice(0, 1)));
  const [mirror, ...others] = readMirrors(tables);
  assertEquals([mirror!.sources, mirror!.rows[0]!.output, others], [[], undefined, []]);
});

Deno.test("readMirrors() refuses rows that are not Open vSwitch's", () => {
  const tables = new Map([["Bridge", new Map([["1", { name: 1, ports: 2, mirrors: 3 }]])]]);
  assertThrows(() => readMirrors(tables), ProtocolError);
});

Deno.test("totals() has at most as many bytes as copies may be long, and all that is lost", () => {
  const total = (columns: Row, statistics: [string, number][]) => {
    const q = { name: "q", interfaces: [{ statistics: ["map", statistics] as const }] };
    const mirror = { name: "m", src: ["p"], out: "q", carried: [10, 9000] as const, columns };
    return totals(readMirrors(makeTables({ br1: { ports: ["p", q], mirrors: [mirror] } }))[0]!);
  };
  assertEquals(total({}, [["tx_packets", 10], ["tx_dropped", 0]]), {
    packets: 10,
    bytes: 9000,
    dropped: 0,
  });
  const cut = { packets: 10, bytes: 1000, isCut: true };
  assertEquals(total({ snaplen: 100 }, []), { ...cut, dropped: undefined });
  assertEquals(total({ snaplen: 100 }, [["tx_packets", 2], ["tx_dropped", 1]]), {
    ...cut,
    dropped: 8,
    isLeast: true,
  });
});
