import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Capture } from "../support/packets/capture.ts";
import { ChainError } from "../support/cni/chain.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { ROOT } from "../support/project/documents.ts";
import { lacksFilter } from "../support/run/lacks_filter.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { podsOf, readManifests } from "../support/deploy/manifests.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { BRIDGE, network, on, ovs, pod } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { type Segment, sendSegments } from "../support/packets/segments.ts";
import { readCache } from "../support/cni/state.ts";
import { Switch } from "../support/ovs/switch.ts";

const recorder = podsOf(readManifests(`${ROOT}examples/recorder.yaml`), {});
const pods = ["client", "server"].map((name) => pod(name, on("eth1", network(name, ovs()))));

const lacks = await lacksFilter();
const ignore = await lacksSwitch() || lacks;

const SNAPLEN = 128;
const ENDS = [
  { from: "10.1.0.1", to: "10.1.0.9" },
  { from: "fd01:2:3:4:5:6:7:1", to: "fd01:2:3:4:5:6:7:9" },
];

/** Segments between two ports, one of IPv4 and one of IPv6. */
function between(source: number, destination: number, more: Partial<Segment> = {}): Segment[] {
  return ENDS.map((ends): Segment => (
    { protocol: "tcp", ...ends, source, destination, bytes: 1514, ...more }
  ));
}

/** What is none of HTTPS. Its ports differ in one digit, one bit and the protocol. */
const OTHERS = [
  ...[80, 44, 4430, 442, 443 + 256].flatMap((port) => [
    ...between(40_000, port),
    ...between(port, 40_000),
  ]),
  ...between(40_000, 443, { protocol: "udp" }),
  ...between(443, 40_000, { protocol: "udp" }),
];

const HTTPS = [1514, SNAPLEN + 1, SNAPLEN, 90].flatMap((bytes) => [
  ...between(40_000, 443, { bytes }),
  ...between(443, 40_000, { bytes }),
  ...between(443, 443, { bytes }),
]);

Deno.test({ name: "recorder: the start of each HTTPS packet, and no other", ignore }, async () => {
  await using vswitch = await Switch.start();
  await vswitch.addBridges(BRIDGE);
  const deployment = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await deployment.add([...pods, ...recorder]);
  await deployment.check();
  await using capture = await Capture.start(deployment.pod("recorder"), "mirror0");
  await sendSegments(deployment.pod("client"), "eth1", OTHERS);
  await sendSegments(deployment.pod("client"), "eth1", HTTPS);
  await capture.atLeast(HTTPS.length);
  const expected = HTTPS.map(({ from, to, source, destination, bytes }) =>
    `${from}.${source} > ${to}.${destination} in ${Math.min(bytes, SNAPLEN)} bytes`
  );
  // The switch takes up several at a time, those of one flow together.
  const captured = capture.frames.map(({ segment, protocol }) => segment ?? protocol);
  assertEquals(captured.sort(), expected.sort());
  await deployment.del();
  assertEquals(await vswitch.db.mirrors(), []);
});

Deno.test({
  name: "recorder: an Open vSwitch without filters is told from one with them",
  ignore: !lacks,
  async fn() {
    await using db = await Ovsdb.start();
    await db.addBridges(BRIDGE);
    const deployment = new Deployment(createRuntime(db));
    const error = await assertRejects(() => deployment.add(recorder), ChainError);
    assertEquals([error.type, error.command, error.code], ["ovs-mirror-consumer", "ADD", 107]);
    assertStringIncludes(error.message, "3.4");
    assertEquals(await db.mirrors(), []);
    assertEquals(readCache(`${db.directory}/cache`), []);
  },
});
