import { assertEquals } from "@std/assert";
import { Capture } from "../support/packets/capture.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { ROOT } from "../support/project/documents.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { launcherInterface, podsOf, readManifests } from "../support/deploy/manifests.ts";
import { BRIDGE, network, on, ovs, pod, type WantedPod } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Switch } from "../support/ovs/switch.ts";
import { isCopied, isNotCopied, Talk } from "../support/packets/talk.ts";

// A machine's launcher pod is played by a pod with the same networks. The machine itself moves, and
// its addresses with it, when the launchers of both nodes are there.

const LAN = launcherInterface("lan");
const MAC = "02:00:00:00:01:0a";
const MACHINE = "10.1.0.1";
const PEER = "10.1.0.9";

const pods = podsOf(readManifests(`${ROOT}examples/kubevirt.yaml`), {});
const [launcher, other, sensor] = ["web-a", "web-b", "sensor"]
  .map((name) => pods.find((pod) => pod.name === name)!);
const peer = pod("peer", on("eth1", network("peer", ovs(100)), PEER));

/** A node with the example's sensor, and somebody to talk to. */
async function startNode(resources: AsyncDisposableStack, ...more: WantedPod[]) {
  const vswitch = resources.use(await Switch.start());
  await vswitch.addBridges(BRIDGE);
  const deployment = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await deployment.add([sensor!, peer, ...more]);
  const capture = resources.use(await Capture.start(deployment.pod("sensor"), "mirror0"));
  /** Who the mirror has: sources and output. */
  const mirror = async () => {
    const [row, ...others] = await vswitch.db.mirrors();
    const { src, dst, output } = row!;
    assertEquals([others, dst], [[], src]);
    return [...src.map((port) => deployment.ownerOf(port)).sort(), deployment.ownerOf(output!)];
  };
  return { deployment, capture, mirror };
}

/** The machine comes to run behind a launcher. */
async function runMachine(deployment: Deployment, name: string): Promise<void> {
  const place = deployment.pod(name);
  await place.succeed("ip", "link", "set", LAN, "address", MAC);
  await place.setAddress(LAN, `${MACHINE}/24`);
}

const ignore = await lacksSwitch();

Deno.test({
  name: "kubevirt: a machine that migrates is watched on the node that it runs on",
  ignore,
  async fn() {
    await using resources = new AsyncDisposableStack();
    const from = await startNode(resources, launcher!, other!);
    const to = await startNode(resources);
    await runMachine(from.deployment, "web-a");
    {
      await using talk = await Talk.start(from.deployment.pod("web-a"), MACHINE, PEER);
      await isCopied(talk, from.capture);
      // The target's launcher is there, and the machine still runs at the source.
      await to.deployment.add([{ ...launcher!, name: "web-a-target" }]);
      await isCopied(talk, from.capture);
      await to.deployment.check();
      await from.deployment.check();
      assertEquals(await from.mirror(), [`web-a/${LAN}`, `web-b/${LAN}`, "sensor/mirror0"]);
      assertEquals(await to.mirror(), [`web-a-target/${LAN}`, "sensor/mirror0"]);
      assertEquals(to.capture.echoes, []);
    }
    // It moves.
    await runMachine(to.deployment, "web-a-target");
    await using talk = await Talk.start(to.deployment.pod("web-a-target"), MACHINE, PEER);
    await isCopied(talk, to.capture);
    const seen = from.capture.echoes.length;
    await from.deployment.del("web-a");
    await isCopied(talk, to.capture);
    assertEquals([from.capture.echoes.length, talk.faults], [seen, 0]);
    assertEquals(await from.mirror(), [`web-b/${LAN}`, "sensor/mirror0"]);
    await from.deployment.check();
    await to.deployment.check();
  },
});

Deno.test({
  name: "kubevirt: of two launchers on a node, each packet is copied once, whoever goes first",
  ignore,
  async fn() {
    await using resources = new AsyncDisposableStack();
    const { deployment, capture, mirror } = await startNode(resources, launcher!);
    await runMachine(deployment, "web-a");
    await using talk = await Talk.start(deployment.pod("web-a"), MACHINE, PEER);
    await isCopied(talk, capture);
    await deployment.add([{ ...launcher!, name: "web-a-next" }]);
    await isCopied(talk, capture);
    assertEquals(await mirror(), [`web-a-next/${LAN}`, `web-a/${LAN}`, "sensor/mirror0"]);
    assertEquals(capture.echoes.length, new Set(capture.echoes).size);
    await deployment.check();
    // A migration that fails: the target's launcher goes, and the machine stays.
    await deployment.del("web-a-next");
    await isCopied(talk, capture);
    assertEquals(await mirror(), [`web-a/${LAN}`, "sensor/mirror0"]);
    assertEquals(talk.faults, 0);
    await deployment.delPlugin("web-a", LAN, "ovs-mirror-producer");
    await isNotCopied(talk, capture);
  },
});
