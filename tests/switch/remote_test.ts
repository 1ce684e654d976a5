import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { both, type Config } from "../support/cni/chained.ts";
import { BRIDGE, network, on, ovs, pod, producer } from "../support/cni/pods.ts";
import { executable } from "../support/cni/plugin.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { readCache } from "../support/cni/state.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { FaultProxy } from "../support/ovs/fault_proxy.ts";
import { messages } from "../support/ovs/faults.ts";
import { Switch } from "../support/ovs/switch.ts";
import { connectHost, UNDERLAY } from "../support/ovs/underlay.ts";
import { Copies } from "../support/packets/copies.ts";
import { isCopied, isNotCopied, Talk } from "../support/packets/talk.ts";
import { dialogue, PINGS } from "../support/packets/traffic.ts";
import type { Copy, Header } from "../support/packets/tunnel.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { until } from "../support/run/process.ts";

// The underlay has its address on a tap device, which takes root.
const ignore = await lacksSwitch() || Deno.uid() !== 0;

const PRODUCER = "10.1.0.1";
const PEER = "10.1.0.9";
const HOST = "192.0.2.10";
const peer = pod("peer", on("eth1", network("plain", ovs(100)), PEER));

/** A node with an underlay and a host beyond it. */
async function start() {
  await using resources = new AsyncDisposableStack();
  const vswitch = resources.use(await Switch.start());
  await vswitch.addBridges(BRIDGE);
  const host = await vswitch.node.addPod("host");
  await connectHost(vswitch, host, "link0");
  const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  const moved = resources.move();
  return { vswitch, host, pods, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** A pod whose mirror `m1` leaves the node. */
function sending(name: string, remote: Config, address = PRODUCER) {
  const mirror = { ...both("m1"), remote };
  return pod(name, on("eth1", network("p", ovs(100), producer(mirror)), address));
}

/** A test on a node with an underlay. */
function nodeTest(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test({ name, ignore, fn });
}

async function assertNothingLeft({ db }: Switch): Promise<void> {
  assertEquals(await db.mirrors(), []);
  const ports = (await db.rows("Port", ["name"])).map(({ name }) => name);
  assertEquals(ports.sort(), [BRIDGE, UNDERLAY, "link0"]);
  assertEquals(readCache(`${db.directory}/cache`), []);
}

const ERSPAN = { type: "erspan", cut: false } as const;
const UDP = { type: "udp", checksum: false } as const;

const CASES: [remote: Config, header: Header, outer?: Partial<Copy>][] = [
  [{ type: "erspan", key: 7, index: 0x12345 }, { ...ERSPAN, version: 1, key: 7, index: 0x12345 }],
  [
    { type: "erspan", version: 2, key: 1023, direction: "egress", hardware: 42 },
    { ...ERSPAN, version: 2, key: 1023, direction: "egress", hardware: 42 },
  ],
  [{ type: "gre", key: 0xffffffff }, { type: "gre", key: 0xffffffff }],
  [{ type: "gre" }, { type: "gre" }],
  [
    { type: "vxlan", key: 0xffffff, port: 4790, source: "192.0.2.1", ttl: 9, dscp: 10 },
    { ...UDP, port: 4790, flags: 8, key: 0xffffff },
    { ttl: 9, dscp: 10 },
  ],
  [{ type: "geneve", key: 5 }, { ...UDP, port: 6081, flags: 0x6558, key: 5 }],
  [
    { type: "vxlan", key: 6, address: "2001:db8::10" },
    { ...UDP, port: 4789, flags: 8, key: 6, checksum: true },
    { from: "2001:db8::1", to: "2001:db8::10", whole: true },
  ],
];

Deno.test(
  { name: "each type of tunnel carries each packet once, header by header", ignore },
  async (t) => {
    await using node = await start();
    const { pods, host, vswitch } = node;
    await pods.add([peer]);
    await using copies = await Copies.at(host, "link0");
    for (const [members, header, outer] of CASES) {
      const remote = { address: HOST, ...members };
      await t.step(JSON.stringify(remote), async () => {
        await pods.add([sending("producer", remote)]);
        await pods.check();
        await pods.pod("producer").ping(PEER, PINGS);
        await until("all copies", () => copies.echoes.length >= 2 * PINGS);
        assertEquals(copies.echoes, dialogue(PRODUCER, PEER));
        const plain = { from: "192.0.2.1", to: HOST, ttl: 64, dscp: 0, whole: false };
        for (const { frame: _, ...copy } of copies.copies) {
          assertEquals(copy, { ...plain, ...outer, header });
        }
        await pods.del("producer");
        assertEquals(await vswitch.db.mirrors(), []);
        copies.copies.length = copies.frames.length = 0;
      });
    }
    await pods.del();
    await assertNothingLeft(vswitch);
  },
);

nodeTest(
  "running traffic leaves the node as soon as its producer is there, and while it is",
  async () => {
    await using node = await start();
    const { pods, host, vswitch } = node;
    await pods.add([peer, sending("talking", { type: "vxlan", address: HOST, key: 5 })]);
    await using there = await Talk.start(pods.pod("talking"), PRODUCER, PEER);
    await using copies = await Copies.at(host, "link0");
    await isCopied(there, copies);
    for (const _ of Array(2)) {
      await pods.delPlugin("talking", "eth1", "ovs-mirror-producer");
      await isNotCopied(there, copies);
      await pods.addPlugin("talking", "eth1", "ovs-mirror-producer");
      await isCopied(there, copies);
    }
    assertEquals(there.faults, 0);
    const show = [executable("producer"), "show", "--socket", `unix:${vswitch.db.socket}`] as const;
    await until("show to tell of the tunnel", async () => {
      await vswitch.mirroredPackets();
      const { stdout } = await vswitch.node.run(show[0], {
        args: [...show.slice(1), "--format", "json"],
      });
      const { remote, through, carrier, sent } =
        JSON.parse(stdout).mirrors[0].rows[0].output.tunnel;
      assertEquals([remote, through], ["vxlan:192.0.2.10,key=5", UNDERLAY]);
      return carrier === "up" && sent > 0;
    });
    const table = await vswitch.node.succeed(...show);
    for (const words of ["vxlan 192.0.2.10 key 5", "arrival unknown", "needs an MTU of 1550"]) {
      assertStringIncludes(table.replaceAll(/\s+/g, " "), words);
    }
    await there[Symbol.asyncDispose]();
    await pods.del();
    await assertNothingLeft(vswitch);
  },
);

nodeTest("a tunnel that the switch can't make is refused, and nothing is left", async (t) => {
  await using node = await start();
  const { host, vswitch } = node;
  const { db } = vswitch;
  const runtime = createRuntime(db, vswitch.node);
  const attachment = { containerId: "refused", netns: host.netns, ifname: "eth1" };
  let socket = db.socket;
  const chain = (mirror: Config) =>
    network("p", ovs(100), { ...producer({ ...both("m1"), ...mirror }), socket_file: socket });
  const refused = async (mirror: Config, ...said: string[]) => {
    const error = await assertRejects(() => runtime.add(chain(mirror), attachment), Error);
    for (const words of said) assertStringIncludes(error.message, words);
    assertEquals([await db.mirrors(), readCache(`${db.directory}/cache`)], [[], []]);
    await runtime.del(chain(mirror), attachment);
  };
  const gre = { type: "gre", address: HOST, key: 9 };
  await t.step("to the node itself", async () => {
    await refused({ remote: { ...gre, address: "192.0.2.1" } }, "192.0.2.1", "the node's own");
    await refused({ remote: { ...gre, address: "2001:db8::1" } }, "the node's own");
  });
  await t.step("with copies cut by the userspace datapath", async () => {
    await refused({ remote: gre, snaplen: 96 }, "snaplen", "netdev");
  });
  await t.step("that another port has", async () => {
    const vsctl = (...args: string[]) =>
      vswitch.node.succeed("ovs-vsctl", `--db=unix:${db.socket}`, ...args);
    const theirs = ["type=gre", `options:remote_ip=${HOST}`, "options:key=9"];
    await vsctl("add-port", UNDERLAY, "theirs", "--", "set", "interface", "theirs", ...theirs);
    await refused({ remote: gre }, "gre:192.0.2.10,key=9", "File exists", "the same tunnel");
    await vsctl("del-port", "theirs");
  });
  await t.step("of a type that it does not know, as ERSPAN before 2.10", async () => {
    using proxy = new FaultProxy(db.socket);
    proxy.inject({
      async *toServer(bytes) {
        for await (const message of messages(bytes)) {
          const text = JSON.stringify(message).replaceAll('"type":"erspan"', '"type":"future"');
          yield new TextEncoder().encode(text);
        }
      },
    });
    socket = proxy.socket;
    const remote = { ...gre, type: "erspan" };
    await refused({ remote }, "not supported", "ERSPAN needs Open vSwitch 2.10");
  });
  await assertNothingLeft(vswitch);
});
