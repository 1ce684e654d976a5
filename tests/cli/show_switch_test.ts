import { assertEquals, assertMatch } from "@std/assert";
import { both } from "../support/cni/chained.ts";
import { command } from "../support/run/command.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { BRIDGE, consumer, network, on, ovs, pod, producer } from "../support/cni/pods.ts";
import { until } from "../support/run/process.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Switch } from "../support/ovs/switch.ts";

const ignore = await lacksSwitch();

const PEER = "10.1.0.9";

/** A producer, somebody to talk to, and a consumer of `m1`. */
const PODS = [
  pod("producer", on("eth1", network("p", ovs(100), producer(both("m1"))), "10.1.0.1")),
  pod("peer", on("eth1", network("plain", ovs(100)), PEER)),
  pod("consumer", on("eth1", network("c", ovs(), consumer("m1")))),
];

/** Runs a test on a switch that mirrors a pod. */
function switchTest(name: string, fn: (pods: Deployment, vswitch: Switch) => Promise<void>): void {
  Deno.test({ name, ignore }, async () => {
    await using vswitch = await Switch.start();
    await vswitch.addBridges(BRIDGE);
    const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    await pods.add(PODS);
    await vswitch.settle();
    await fn(pods, vswitch);
  });
}

async function show({ db }: Switch, ...args: string[]) {
  return await command(["show", "--socket", db.socket, ...args]);
}

/** Looks until the line of `m1` is as it has to become, and returns the exit status. */
async function become(vswitch: Switch, line: RegExp, ...args: string[]): Promise<number> {
  return await until(`m1 to be ${line}`, async () => {
    await vswitch.mirroredPackets();
    const { code, stdout } = await show(vswitch, ...args);
    return line.test(stdout) && code;
  }, 40);
}

switchTest("show tells a switch that was killed from one that lives", async (pods, vswitch) => {
  await pods.pod("producer").ping(PEER, 3);
  assertEquals(await become(vswitch, /^m1 .* has carried {2}/m), 0);
  assertMatch((await show(vswitch)).stdout, /^node \S+ {2}switch running$/m);
  await vswitch.endSwitch("SIGKILL");
  const { code, stdout } = await until("the switch's end", async () => {
    const shown = await show(vswitch);
    return shown.code === 1 && shown;
  });
  assertEquals(code, 1);
  assertMatch(stdout, /^switch not running {2}node /);
  assertMatch(stdout, /^m1 .* switch not running {2}/m);
  assertEquals(JSON.parse((await show(vswitch, "--format", "json")).stdout).switch, "not running");
});

switchTest("show notices a switch that hangs", async (_pods, vswitch) => {
  await vswitch.endSwitch("SIGSTOP");
  const { code, stdout } = await show(vswitch);
  await vswitch.endSwitch("SIGCONT");
  assertEquals(code, 1);
  assertMatch(stdout, /^switch not answering {2}node /);
});

switchTest("show notices that all sources are gone", async (pods, vswitch) => {
  assertEquals(await become(vswitch, /^m1 .* (idle|has carried) {2}/m), 0);
  await vswitch.node.succeed("ip", "link", "del", pods.portOf("producer", "eth1"));
  assertEquals(await become(vswitch, /^m1 .* all sources down {2}/m), 1);
  assertMatch((await show(vswitch)).stdout, /ingress\+egress, (down|gone)\b/);
});

/** Pings with packets of 1,400 bytes, each mirrored with its reply. */
async function pingLong(pods: Deployment, count: number): Promise<void> {
  const args = ["-n", "-q", "-c", String(count), "-i", "0.05", "-s", "1372", PEER];
  const { code, stderr } = await pods.pod("producer").run("ping", { args });
  assertEquals([code, stderr], [0, ""]);
}

switchTest("show tells what an output drops", async (pods, vswitch) => {
  await pods.pod("consumer").succeed("ip", "link", "set", "dev", "eth1", "mtu", "500");
  await pingLong(pods, 20);
  const line = /^m1 +br1 +ours +\d+ +\S+ kB +40 {2}output drops packets {2}/m;
  assertEquals(await become(vswitch, line), 1);
  const { mirrors: [{ rows: [row], verdict }] } = JSON.parse(
    (await show(vswitch, "--format=json")).stdout,
  );
  assertEquals([row.output.dropped, verdict.problems], [40, ["outputDrops"]]);
});

switchTest(
  "show warns of an output that long packets do not fit through",
  async (pods, vswitch) => {
    const port = pods.portOf("consumer", "eth1");
    await vswitch.node.succeed("ip", "link", "set", "dev", port, "mtu", "500");
    await pingLong(pods, 3);
    const line = /^m1 .* >=6 {2}output drops packets, output MTU 500 below the sources' 1500 {2}/m;
    assertEquals(await become(vswitch, line), 1);
  },
);

switchTest("show --for tells what is carried now from what was", async (pods, vswitch) => {
  await pods.pod("producer").ping(PEER, 3);
  await become(vswitch, /^m1 .* has carried {2}/m);
  // Neighbours look for each other for a while.
  await until("silence", async () => {
    const { stdout } = await show(vswitch, "--for", "6");
    assertMatch(stdout, /PACKETS\/S {2}BYTES\/S {2}DROPPED\/S/);
    return /^m1 .* 0 +0 B +0 {2}silent {2}/m.test(stdout);
  }, 90);
  const [shown] = await Promise.all([
    show(vswitch, "--for", "8", "--format", "json"),
    pods.pod("producer").ping(PEER, 50),
  ]);
  const { mirrors: [{ rows: [{ rate }], verdict }] } = JSON.parse(shown.stdout);
  assertEquals(verdict.words, ["carrying"]);
  assertEquals(rate.packets > 1, true, JSON.stringify(rate));
});
