import { assert, assertEquals, assertMatch } from "@std/assert";
import { both, type Config } from "../support/cni/chained.ts";
import { BRIDGE, network, on, ovs, pod, producer } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { Switch } from "../support/ovs/switch.ts";
import { command } from "../support/run/command.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { until } from "../support/run/process.ts";

const ignore = await lacksSwitch();

const PEER = "10.1.0.9";

/** A VLAN's tag, which copies get where ports are in that VLAN alone. */
const TAG_BYTES = 4;

const UP: Config = { type: "ovs-mirror-consumer", bridge: BRIDGE };

/** A switch whose pod `producer` is a source of `m1`, with consumers of these options. */
async function start(...consumers: Config[]) {
  await using stack = new AsyncDisposableStack();
  const vswitch = stack.use(await Switch.start());
  await vswitch.addBridges(BRIDGE);
  const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await pods.add([
    pod("producer", on("eth1", network("p", ovs(100), producer(both("m1"))), "10.1.0.1")),
    pod("peer", on("eth1", network("plain", ovs(100)), PEER)),
    ...consumers.map((options, index) => {
      const plugin = { ...UP, mirrors: [{ name: "m1", ...options }] };
      const name = `consumer-${index}`;
      return pod(name, on("eth1", network(name, ovs(), plugin as never)));
    }),
  ]);
  await vswitch.settle();
  const owned = stack.move();
  return { vswitch, pods, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

type Running = Awaited<ReturnType<typeof start>>;

/** Talks in packets of so many bytes, each mirrored with its reply. */
async function talk({ pods }: Running, count: number, bytes: number): Promise<void> {
  const args = [
    "-n",
    "-q",
    "-M",
    "do",
    "-c",
    String(count),
    "-i",
    "0.02",
    "-s",
    String(bytes - 28),
  ];
  const { code, stderr } = await pods.pod("producer").run("ping", { args: [...args, PEER] });
  assertEquals([code, stderr], [0, ""]);
}

/**
 * What is shown, and what the consumer received meanwhile: neighbours look for each other once more
 * a while after they have talked.
 */
async function shownAndReceived(running: Running, least: number) {
  return await until("nothing to be on its way", async () => {
    const before = await received(running);
    const [first, second] = [await shown(running, least), await shown(running, least)];
    const after = await received(running);
    const packets = [first, second].map(({ mirror }) => mirror.rows[0].traffic.packets);
    return before.packets === after.packets && packets[0] === packets[1] && { ...second, ...after };
  }, 40);
}

/** What a consumer's interface has received. */
async function received(
  { pods }: Running,
  name = "consumer-0",
): Promise<{ packets: number; bytes: number }> {
  const text = await pods.pod(name).succeed("ip", "-s", "-j", "link", "show", "dev", "eth1");
  return JSON.parse(text)[0].stats64.rx;
}

/** Shows `m1` once the switch has counted the packets. */
async function shown({ vswitch }: Running, least: number) {
  const show = async (...args: string[]) =>
    await command(["show", "--socket", vswitch.db.socket, ...args]);
  return await until(`${least} packets to be counted`, async () => {
    await vswitch.mirroredPackets();
    const { code, stdout } = await show("--format", "json");
    const [mirror] = JSON.parse(stdout).mirrors;
    const packets = mirror.rows.map(({ traffic }: Config) => (traffic as Config)?.packets ?? 0);
    if (Math.max(...packets) < least) return false;
    const line = (await show()).stdout.split("\n").find((line) => line.startsWith("m1 "))!;
    return { code, mirror, words: mirror.verdict.words, line };
  }, 40);
}

/** Lets packets through whose IPv4 part is as long. */
async function setMtu({ vswitch, pods }: Running, name: string, mtu: number): Promise<void> {
  await vswitch.node.succeed(
    "ip",
    "link",
    "set",
    "dev",
    pods.portOf(name, "eth1"),
    "mtu",
    `${mtu}`,
  );
  await pods.pod(name).succeed("ip", "link", "set", "dev", "eth1", "mtu", String(mtu));
}

Deno.test({ name: "show counts what the consumer received", ignore }, async () => {
  await using running = await start({});
  await talk(running, 50, 1400);
  const { code, mirror, words, packets, bytes } = await shownAndReceived(running, 100);
  const [{ traffic }] = mirror.rows;
  assertEquals([code, words], [0, ["has carried"]]);
  assertEquals([traffic.packets, traffic.bytes + TAG_BYTES * traffic.packets], [packets, bytes]);
});

Deno.test({ name: "show marks the bytes of copies that are cut", ignore }, async () => {
  await using running = await start({ snaplen: 100 });
  await talk(running, 50, 1400);
  const { line, mirror, packets, bytes } = await shownAndReceived(running, 100);
  assertMatch(line, / <=\d+(\.\d)? kB /);
  const [{ traffic }] = mirror.rows;
  assertEquals([traffic.packets, traffic.isCut], [packets, true]);
  assert(bytes <= traffic.bytes && traffic.bytes < 1.1 * bytes, `${bytes}, ${traffic.bytes}`);
});

Deno.test(
  { name: "show tells that long packets never arrive, though nobody counts them", ignore },
  async () => {
    await using running = await start({});
    for (const name of ["producer", "peer"]) await setMtu(running, name, 4000);
    await talk(running, 100, 3900);
    const { code, mirror, words, line, packets } = await shownAndReceived(running, 200);
    const [{ traffic, output }] = mirror.rows;
    assert(packets < 20);
    assertEquals(code, 1);
    assertEquals(words, ["output drops packets", "output MTU 1500 below the sources' 4000"]);
    assertEquals([output.dropped, traffic.packets - output.lost], [0, packets]);
    assertMatch(line, / >=\d+ {2}output drops packets/);
  },
);

Deno.test({ name: "show tells which of two outputs gets nothing", ignore }, async () => {
  await using running = await start({ shared: true }, { shared: true, snaplen: 64 });
  await talk(running, 20, 1000);
  assertEquals((await shown(running, 40)).words, ["has carried"]);
  const port = running.pods.portOf("consumer-1", "eth1");
  await running.vswitch.node.succeed("ip", "link", "set", "dev", port, "down");
  await until("the port to be down", async () => {
    const { code, words, line } = await shown(running, 40);
    return code === 1 && words.join() === "output port down,1 of 2 outputs gets nothing" &&
      / \(eth1, .*, down, /.test(line);
  });
});

Deno.test(
  { name: "show does not take the zeros of a switch's start for its counts", ignore },
  async () => {
    await using running = await start({});
    await talk(running, 20, 1000);
    assertEquals((await shown(running, 40)).words, ["has carried"]);
    await running.vswitch.endSwitch("SIGTERM");
    running.vswitch.restart();
    const { db } = running.vswitch;
    const look = async () =>
      JSON.parse((await command(["show", "--socket", db.socket, "--format", "json"])).stdout);
    const talking = talk(running, 300, 1000);
    const before = (await received(running)).packets;
    await until("copies of the new switch", async () => (await received(running)).packets > before);
    const report = await until("the new switch", async () => {
      const report = await look();
      return report.switch === "running" && report;
    });
    assertEquals(report.mirrors[0].verdict.words, ["waiting for the switch"]);
    await talking;
    await until(
      "the counts",
      async () => (await look()).mirrors[0].verdict.words[0] === "has carried",
      40,
    );
  },
);
