import { assertEquals } from "@std/assert";
import { CASES } from "../cni/cases.ts";
import { Capture } from "../support/packets/capture.ts";
import { both, egress, ingress } from "../support/cni/chained.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import {
  BRIDGE,
  consumer,
  network,
  on,
  ovs,
  pod,
  producer,
  type WantedPod,
} from "../support/cni/pods.ts";
import { readCache } from "../support/cni/state.ts";
import { Switch } from "../support/ovs/switch.ts";
import { isCopied, isNotCopied, Talk } from "../support/packets/talk.ts";
import {
  countCarried,
  dialogue,
  echoesIn,
  outputsOf,
  PINGS,
  send,
} from "../support/packets/traffic.ts";

const PRODUCER = "10.1.0.1";
const PEER = "10.1.0.9";
const peer = pod("peer", on("eth1", network("plain", ovs(100)), PEER));

const ignore = await lacksSwitch();

/** A test with pods on a switch of its own. At its end they are deleted without a trace. */
function packetTest(
  name: string,
  pods: readonly WantedPod[],
  body: (deployment: Deployment, vswitch: Switch) => Promise<void>,
): void {
  Deno.test({ name, ignore }, async () => {
    await using vswitch = await Switch.start();
    await vswitch.addBridges(BRIDGE);
    const deployment = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    await deployment.add(pods);
    await deployment.check();
    await body(deployment, vswitch);
    await deployment.del();
    await assertNothingLeft(vswitch);
  });
}

async function assertNothingLeft({ db, node }: Switch): Promise<void> {
  assertEquals(await db.mirrors(), []);
  assertEquals(await db.rows("Port", ["name"]), [{ name: BRIDGE }]);
  assertEquals(readCache(`${db.directory}/cache`), []);
  assertEquals(await node.succeed("ip", "-o", "link", "show", "type", "veth"), "");
}

for (const [index, testCase] of CASES.entries()) {
  packetTest(`test case ${index + 1}: ${testCase.title}`, testCase.pods, async (pods, vswitch) => {
    await using captures = new AsyncDisposableStack();
    const running = new Map<string, Capture>();
    for (const { mirror, pod, ifname } of outputsOf(testCase)) {
      running.set(mirror, captures.use(await Capture.start(pods.pod(pod), ifname)));
    }
    // What a mirror carries of the second round shows that the first has been captured whole.
    await send(testCase, pods);
    await send(testCase, pods);
    for (const [mirror, capture] of running) {
      const expected = echoesIn(testCase, mirror);
      await capture.atLeast(2 * expected.length, "echoes");
      assertEquals(capture.echoes, [...expected, ...expected], mirror);
      await countCarried(mirror, capture, vswitch);
    }
  });
}

packetTest("a source of one direction is mirrored in that direction only", [
  pod(
    "producer",
    on("eth1", network("p", ovs(100), producer(ingress("in"), egress("out"))), PRODUCER),
  ),
  peer,
  pod("consumer-in", on("eth1", network("in", ovs(), consumer("in")))),
  pod("consumer-out", on("eth1", network("out", ovs(), consumer("out")))),
], async (pods) => {
  await using sent = await Capture.start(pods.pod("consumer-in"), "eth1");
  await using received = await Capture.start(pods.pod("consumer-out"), "eth1");
  await pods.pod("producer").ping(PEER, PINGS);
  await pods.pod("peer").ping(PRODUCER, PINGS);
  const all = [...dialogue(PRODUCER, PEER), ...dialogue(PEER, PRODUCER)];
  await sent.atLeast(2 * PINGS, "echoes");
  assertEquals(sent.echoes, all.filter((echo) => echo.startsWith(PRODUCER)));
  await received.atLeast(2 * PINGS, "echoes");
  assertEquals(received.echoes, all.filter((echo) => echo.startsWith(PEER)));
});

packetTest("a port that is output of one mirror and source of another hands copies on", [
  pod("producer", on("eth1", network("p", ovs(100), producer(both("first"))), PRODUCER)),
  peer,
  pod(
    "relay",
    on("eth1", network("relay", ovs(100), producer(egress("second")), consumer("first"))),
  ),
  pod("consumer", on("eth1", network("c", ovs(), consumer("second")))),
], async (pods) => {
  await using first = await Capture.start(pods.pod("relay"), "eth1");
  await using second = await Capture.start(pods.pod("consumer"), "eth1");
  await pods.pod("producer").ping(PEER, PINGS);
  for (const capture of [first, second]) {
    await capture.atLeast(2 * PINGS, "echoes");
    assertEquals(capture.echoes, dialogue(PRODUCER, PEER));
  }
});

packetTest("a producer that is deleted is mirrored no more, and others still are", [
  pod("leaving", on("eth1", network("p", ovs(100), producer(both("m1"))), PRODUCER)),
  // What is sent to it is no source: the switch forgets where a port is that is detached, and sends
  // what is for it to all ports until it hears from it again.
  pod("staying", on("eth1", network("q", ovs(100), producer(ingress("m1"))), "10.1.0.2")),
  peer,
  pod("consumer", on("eth1", network("c", ovs(), consumer("m1")))),
], async (pods) => {
  await using capture = await Capture.start(pods.pod("consumer"), "eth1");
  await pods.pod("leaving").ping(PEER, PINGS);
  await pods.delPlugin("leaving", "eth1", "ovs-mirror-producer");
  await pods.pod("leaving").ping(PEER, PINGS);
  await pods.pod("staying").ping(PEER, PINGS);
  const sent = dialogue("10.1.0.2", PEER).filter((echo) => echo.startsWith("10.1.0.2"));
  await capture.atLeast(3 * PINGS, "echoes");
  assertEquals(capture.echoes, [...dialogue(PRODUCER, PEER), ...sent]);
});

const talking = pod(
  "talking",
  on("eth1", network("p", ovs(100), producer(both("m1"))), PRODUCER),
);
const watching = pod("watching", on("eth1", network("c", ovs(), consumer("m1"))));

for (const [name, type] of [["watching", "consumer"], ["talking", "producer"]] as const) {
  const title = `running traffic is mirrored as soon as its ${type} is there, and while it is`;
  packetTest(title, [talking, peer], async (pods) => {
    await using there = await Talk.start(pods.pod("talking"), PRODUCER, PEER);
    await using back = await Talk.start(pods.pod("peer"), PEER, PRODUCER);
    await pods.add([watching]);
    await using capture = await Capture.start(pods.pod("watching"), "eth1");
    await isCopied(there, capture);
    for (const _ of Array(2)) {
      await pods.delPlugin(name, "eth1", `ovs-mirror-${type}`);
      await isNotCopied(there, capture);
      await pods.addPlugin(name, "eth1", `ovs-mirror-${type}`);
      await isCopied(there, capture);
      await isCopied(back, capture);
    }
    assertEquals([there.faults, back.faults], [0, 0]);
  });
}

const everything = {
  ...consumer("all"),
  mirrors: [{ name: "all", all: true, shared: true }],
};

packetTest(
  "consumers of all ports each get each packet, and when one leaves the other still does",
  [
    pod("talking", on("eth1", network("p", ovs(100)), PRODUCER)),
    peer,
    pod("leaving", on("eth1", network("a", ovs(), everything))),
    pod("staying", on("eth1", network("a", ovs(), everything))),
  ],
  async (pods) => {
    await using talk = await Talk.start(pods.pod("talking"), PRODUCER, PEER);
    await using leaving = await Capture.start(pods.pod("leaving"), "eth1");
    await using staying = await Capture.start(pods.pod("staying"), "eth1");
    for (const capture of [leaving, staying]) await isCopied(talk, capture);
    await pods.delPlugin("leaving", "eth1", "ovs-mirror-consumer");
    await isCopied(talk, staying);
  },
);

const relaying = pod(
  "relaying",
  on("eth1", network("relay", ovs(), producer(both("m9")), consumer("m1"))),
);

packetTest("what is deleted while the switch stands still is mirrored no more once it goes on", [
  talking,
  peer,
  relaying,
], async (pods, vswitch) => {
  await using talk = await Talk.start(pods.pod("talking"), PRODUCER, PEER);
  await using capture = await Capture.start(pods.pod("relaying"), "eth1");
  await isCopied(talk, capture);
  await vswitch.endSwitch("SIGSTOP");
  await pods.delPlugin("relaying", "eth1", "ovs-mirror-consumer");
  await vswitch.endSwitch("SIGCONT");
  await vswitch.settle();
  await isNotCopied(talk, capture);
});
