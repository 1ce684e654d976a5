import { assertEquals } from "@std/assert";
import { readDocuments } from "../../lib/lint/document.ts";
import { plain } from "../../lib/lint/tree.ts";
import type { CasePing } from "../cni/cases.ts";
import { readStringMap } from "../../lib/ovsdb/value.ts";
import { connectHost } from "../support/ovs/underlay.ts";
import { Copies } from "../support/packets/copies.ts";
import { until } from "../support/run/process.ts";
import { Capture } from "../support/packets/capture.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { ROOT } from "../support/project/documents.ts";
import { lacksFilter } from "../support/run/lacks_filter.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { launcherInterface, podsOf, readManifests } from "../support/deploy/manifests.ts";
import { type MirrorView, Ovsdb } from "../support/ovs/ovsdb.ts";
import { BRIDGE, network, on, ovs, pod, type WantedPod } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Switch } from "../support/ovs/switch.ts";
import { countCarried, echoesIn, outputsOf, send } from "../support/packets/traffic.ts";

/** What is to come of an example: pods talk to each other and to pods that are in no mirror. */
interface Example {
  /**
   * Mirrors to the interfaces that feed them, in both directions, and to the one that consumes, or
   * the far end beyond the node.
   */
  mirrors: Readonly<Record<string, { sources: string[]; output?: string }>>;
  /** Addresses by pod and interface. */
  addresses: Readonly<Record<string, string>>;
  pings: readonly CasePing[];
  /** Pods that the example knows nothing of. */
  others?: readonly WantedPod[];
  /** Whether it needs an Open vSwitch that has filters. */
  filters?: boolean;
  /** A mirror whose copies leave the node. */
  leaving?: string;
}

const LAN = launcherInterface("lan");
const PEER = { 100: "10.1.0.9", 200: "10.2.0.9" };

const EXAMPLES: Readonly<Record<string, Example>> = {
  "test-case-1": {
    mirrors: {
      "mirror-1": { sources: ["ovs-prod-cons/eth1"], output: "ovs-prod-cons/eth2" },
      "mirror-2": { sources: ["ovs-prod-cons/eth1"] },
    },
    addresses: { "ovs-prod-cons/eth1": "10.1.0.1" },
    pings: [{ from: "ovs-prod-cons", to: PEER[100], mirrors: ["mirror-1"] }],
  },
  "test-case-2": {
    mirrors: {
      "mirror-1": {
        sources: ["ovs-producer-1-vlan100-mir1-mir2/eth1", "ovs-producer-2-vlan100-mir1/eth1"],
        output: "ovs-consumer1-mir1/eth2",
      },
      "mirror-2": {
        sources: ["ovs-producer-1-vlan100-mir1-mir2/eth1"],
        output: "ovs-consumer1-mir2/eth2",
      },
    },
    addresses: {
      "ovs-producer-1-vlan100-mir1-mir2/eth1": "10.1.0.1",
      "ovs-producer-2-vlan100-mir1/eth1": "10.1.0.2",
    },
    pings: [
      { from: "ovs-producer-2-vlan100-mir1", to: PEER[100], mirrors: ["mirror-1"] },
      {
        from: "ovs-producer-1-vlan100-mir1-mir2",
        to: "10.1.0.2",
        mirrors: ["mirror-1", "mirror-2"],
      },
    ],
  },
  "test-case-3": {
    mirrors: {
      "mirror-1": { sources: ["ovs-prod-1/eth1"], output: "ovs-cons/eth2" },
      "mirror-2": { sources: ["ovs-prod-2/eth1"], output: "ovs-cons/eth3" },
    },
    addresses: { "ovs-prod-1/eth1": "10.1.0.1", "ovs-prod-2/eth1": "10.2.0.2" },
    pings: [
      { from: "ovs-prod-1", to: PEER[100], mirrors: ["mirror-1"] },
      { from: "ovs-prod-2", to: PEER[200], mirrors: ["mirror-2"] },
    ],
  },
  ids: {
    mirrors: { "ids-web": { sources: ["web-1/eth1", "web-2/eth1"], output: "ids/mirror0" } },
    addresses: { "web-1/eth1": "10.1.0.1", "web-2/eth1": "10.1.0.2" },
    pings: [
      { from: "web-1", to: "10.1.0.2", mirrors: ["ids-web"] },
      { from: "web-2", to: PEER[100], mirrors: ["ids-web"] },
    ],
  },
  "vlan-100": {
    mirrors: { "vlan-100": { sources: [], output: "watcher/mirror0" } },
    addresses: {},
    others: [100, 200].map((vlan) =>
      pod(`on-${vlan}`, on("eth1", network(`vlan-${vlan}`, ovs(vlan)), `10.${vlan / 100}.0.1`))
    ),
    pings: [
      { from: "on-200", to: PEER[200], mirrors: [] },
      { from: "on-100", to: PEER[100], mirrors: ["vlan-100"] },
    ],
  },
  // What a migration does is tested by migration_test.ts.
  kubevirt: {
    mirrors: { vms: { sources: [`web-a/${LAN}`, `web-b/${LAN}`], output: "sensor/mirror0" } },
    addresses: { [`web-a/${LAN}`]: "10.1.0.1", [`web-b/${LAN}`]: "10.1.0.2" },
    pings: [
      { from: "web-a", to: "10.1.0.2", mirrors: ["vms"] },
      { from: "web-b", to: PEER[100], mirrors: ["vms"] },
    ],
  },
  remote: {
    mirrors: {
      "to-collector": { sources: ["web-1/net1", "web-2/net1"], output: "vxlan:192.0.2.10,key=5" },
    },
    addresses: { "web-1/net1": "10.1.0.1", "web-2/net1": "10.1.0.2" },
    pings: [
      { from: "web-1", to: "10.1.0.2", mirrors: ["to-collector"] },
      { from: "web-2", to: PEER[100], mirrors: ["to-collector"] },
    ],
    leaving: "to-collector",
  },
  // What it gets is tested by recorder_test.ts; this is what it does not get.
  recorder: {
    mirrors: Object.fromEntries(
      ["https-replies", "https-requests", "https6-replies", "https6-requests"]
        .map((name) => [name, { sources: [], output: "recorder/mirror0" }]),
    ),
    addresses: {},
    others: [pod("web", on("eth1", network("web", ovs(100)), "10.1.0.1"))],
    pings: [{ from: "web", to: PEER[100], mirrors: [] }],
    filters: true,
  },
};

const peer = pod(
  "peer",
  on("eth1", network("peer-100", ovs(100)), PEER[100]),
  on("eth2", network("peer-200", ovs(200)), PEER[200]),
);

const ignoreSwitch = await lacksSwitch();
const ignoreFilters = await lacksFilter();

const pathOf = (name: string) => `${ROOT}examples/${name}.yaml`;

/** The mirrors of an example, with pods and interfaces in the place of ports. */
function mirrorsOf({ mirrors }: Example): MirrorView[] {
  return Object.entries(mirrors).map(([name, { sources, output }]) => ({
    name,
    bridge: BRIDGE,
    owner: "ovs-cni.network.kubevirt.io",
    src: sources,
    dst: sources,
    output,
  }));
}

/** The mirrors of a database, in the same form. */
async function mirrorsIn(db: Ovsdb, deployment: Deployment): Promise<MirrorView[]> {
  const ownersOf = (ports: string[]) => ports.map((port) => deployment.ownerOf(port)).sort();
  const ports = await db.rows("Port", ["name", "external_ids"]);
  const farEnds = new Map(ports.map(({ name, external_ids }) => [
    name,
    readStringMap(external_ids).get("ovs-mirror-remote"),
  ]));
  return (await db.mirrors()).map(({ src, dst, output, ...mirror }) => ({
    ...mirror,
    src: ownersOf(src),
    dst: ownersOf(dst),
    output: output && (farEnds.get(output) ?? deployment.ownerOf(output)),
  }));
}

Deno.test("each example is tested", () => {
  // The programs in examples/library are run by library_test.ts.
  const names = Array.from(Deno.readDirSync(`${ROOT}examples`))
    .filter(({ isFile }) => isFile).map(({ name }) => name).sort();
  assertEquals(names, Object.keys(EXAMPLES).map((name) => `${name}.yaml`).sort());
});

for (const [name, example] of Object.entries(EXAMPLES)) {
  const manifests = readManifests(pathOf(name));
  const pods = [...podsOf(manifests, example.addresses), ...example.others ?? [], peer];
  const lacks = ignoreFilters && example.filters === true;
  const testCase = { title: name, pods, pings: example.pings };

  Deno.test(`${name}: lint reads it as others do`, () => {
    const documents = readDocuments(pathOf(name), Deno.readTextFileSync(pathOf(name)));
    assertEquals(Array.from(documents, ({ tree }) => plain(tree!)), manifests);
  });

  Deno.test(`${name}: workloads select their own pods, in the namespace of all`, () => {
    const [first, ...others] = manifests;
    assertEquals(first!.kind, "Namespace");
    for (const { metadata: { namespace }, spec } of others) {
      assertEquals(namespace, first!.metadata.name);
      assertEquals(spec?.selector?.matchLabels, spec?.template?.metadata?.labels);
    }
  });

  Deno.test({ name: `${name}: ADD, CHECK and DEL on a database`, ignore: lacks }, async () => {
    await using db = await Ovsdb.start();
    await db.addBridges(BRIDGE);
    const deployment = new Deployment(createRuntime(db));
    await deployment.add(pods);
    await deployment.check();
    assertEquals(await mirrorsIn(db, deployment), mirrorsOf(example));
    await deployment.del();
    assertEquals(await db.mirrors(), []);
  });

  const ignore = ignoreSwitch || lacks || (example.leaving !== undefined && Deno.uid() !== 0);
  Deno.test({ name: `${name}: packets on a switch`, ignore }, async () => {
    await using vswitch = await Switch.start();
    await vswitch.addBridges(BRIDGE);
    const deployment = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
    await deployment.add(pods);
    await vswitch.settle();
    await using captures = new AsyncDisposableStack();
    const running = new Map<string, Capture | Copies>();
    if (example.leaving !== undefined) {
      const host = await vswitch.node.addPod("far-end");
      await connectHost(vswitch, host, "link0");
      running.set(example.leaving, captures.use(await Copies.at(host, "link0")));
    }
    for (const { mirror, pod, ifname } of outputsOf(testCase)) {
      running.set(mirror, captures.use(await Capture.start(deployment.pod(pod), ifname)));
    }
    await send(testCase, deployment);
    for (const [mirror, capture] of running) {
      const expected = echoesIn(testCase, mirror);
      await until("all copies", () => capture.echoes.length >= expected.length);
      assertEquals(capture.echoes, expected, mirror);
      if (capture instanceof Capture) await countCarried(mirror, capture, vswitch);
    }
    await deployment.del();
    assertEquals(await vswitch.db.mirrors(), []);
  });
}
