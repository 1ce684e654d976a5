import { assertEquals, assertRejects } from "@std/assert";
import { openSession } from "../../../tests/model/switch/session.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import type { Part } from "../../plugin/records/record.ts";
import { CommandError } from "../errors.ts";
import { findPort, type PortName } from "./find_port.ts";

/** Ports of four pods, one without its interface's name, and one of nobody. */
const PORTS = [
  port("a1", "/run/netns/a", "uid-a", "eth1"),
  port("a2", "/run/netns/a", "uid-a", "eth2"),
  port("a3", "/run/netns/a", "uid-a", "eth3"),
  port("b1", "/var/run/netns/b", "uid-b", "eth1"),
  port("c1", "/run/netns/c", "uid-c", "eth1"),
  port("e1", "/run/netns/e", "uid-e", "eth1"),
  port("e2", "/run/netns/e", "uid-e"),
  { name: "uplink", bridge: "br2" },
];

function port(name: string, contNetns: string, contPodUid: string, contIface?: string) {
  const marks = { contNetns, contPodUid, ...contIface && { contIface } };
  return { name, bridge: "br1", marks: marks as { contNetns: string; contIface: string } };
}

const DATABASE = build({ bridges: ["br1", "br2"], ports: PORTS, mirrors: [] });
const idOf = (name: string) =>
  [...DATABASE.tables.Port!].find(([, row]) => row.name!.has(name))![0];

/** On record are pod a by its UID, b by its namespace, c by its port, and a port of no pod. */
const PARTS: Part[] = [
  { pod: { namespace: "shop", name: "a", uid: "uid-a" }, mirrors: [], ports: [] },
  {
    pod: { namespace: "shop", name: "b", uid: "" },
    netns: "/run/netns/b",
    mirrors: [],
    ports: [],
  },
  {
    pod: { namespace: "shop", name: "c", uid: "" },
    mirrors: [],
    ports: [{ id: idOf("c1"), name: "c1" }],
  },
  { mirrors: [], ports: [{ id: idOf("uplink"), name: "uplink" }] },
];

async function find(wanted: PortName): Promise<string> {
  const { id, name, bridge } = await findPort(openSession(DATABASE).session, wanted, PARTS);
  assertEquals(id, idOf(name));
  return `${bridge} ${name}`;
}

Deno.test("findPort() finds a pod's port by whatever is known of the pod", async () => {
  const cases: [PortName, string][] = [
    [{ port: "uplink" }, "br2 uplink"],
    [{ port: "a2" }, "br1 a2"],
    [{ pod: ["uid-b"] }, "br1 b1"],
    [{ pod: ["/var/run/netns/b"] }, "br1 b1"],
    [{ pod: ["/run/netns/b"] }, "br1 b1"],
    [{ pod: ["/run/netns/a"], ifname: "eth3" }, "br1 a3"],
    [{ pod: ["shop/a"], ifname: "eth2" }, "br1 a2"],
    [{ pod: ["shop/b"] }, "br1 b1"],
    [{ pod: ["shop/c"] }, "br1 c1"],
    [{ pod: ["shop/none", "uid-c"] }, "br1 c1"],
    [{ pod: ["shop/c", "uid-c", "/run/netns/c"] }, "br1 c1"],
  ];
  for (const [wanted, found] of cases) assertEquals(await find(wanted), found);
});

Deno.test("findPort() says why it finds none, or which there are", async () => {
  const nowhere = "has no port on this node's switch";
  const hint = "; pods that no plugin of mirrors knows are found by their UID: --pod UID";
  const cases: [PortName, string][] = [
    [
      { pod: ["shop/a"] },
      'pod "shop/a" has several ports: a1 (eth1), a2 (eth2), a3 (eth3); name one with ' +
      "--interface or --port",
    ],
    [
      { pod: ["uid-e"] },
      'pod "uid-e" has several ports: e1 (eth1), e2 (no interface); name one with --interface or ' +
      "--port",
    ],
    [
      { pod: ["uid-a"], ifname: "eth7" },
      'pod "uid-a" has no interface "eth7" on the switch; it has eth1, eth2, eth3',
    ],
    [{ port: "none" }, `port "none" ${nowhere}`],
    [{ pod: ["shop/d"] }, `pod "shop/d" ${nowhere}${hint}`],
    [{ pod: ["shop/d"], ifname: "eth1" }, `pod "shop/d" ${nowhere}${hint}`],
    [{ pod: ["uid-d"] }, `pod "uid-d" ${nowhere}`],
    [{ pod: ["shop/d", "uid-d"] }, `pod "shop/d" ${nowhere}`],
    [{ pod: ["/run/netns/d"] }, `pod "/run/netns/d" ${nowhere}`],
    [{ pod: ["undefined/undefined"] }, `pod "undefined/undefined" ${nowhere}${hint}`],
  ];
  for (const [wanted, message] of cases) {
    const error = await assertRejects(() => find(wanted), CommandError);
    assertEquals([error.message, error.status], [message, 3]);
  }
});
