import { assertEquals } from "@std/assert";
import { both, type Config } from "../support/cni/chained.ts";
import { executable } from "../support/cni/plugin.ts";
import { BRIDGE, network, on, ovs, pod, producer } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { Switch } from "../support/ovs/switch.ts";
import { connectHost } from "../support/ovs/underlay.ts";
import { parseFrame } from "../support/packets/frame.ts";
import { dialogue, PINGS } from "../support/packets/traffic.ts";
import { Daemon } from "../support/run/daemon.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { lines } from "../support/run/lines.ts";
import { run, until } from "../support/run/process.ts";

const ignore = await lacksSwitch() || Deno.uid() !== 0;

const PRODUCER = "10.1.0.1";
const PEER = "10.1.0.9";

const CASES: [remote: Config, address: string][] = [
  [{ type: "vxlan", key: 0xabcdef }, "192.0.2.10"],
  [{ type: "geneve", key: 5 }, "192.0.2.10"],
  [{ type: "vxlan", key: 6 }, "[2001:db8::10]"],
];

async function echoesIn(path: string): Promise<string[]> {
  const { stdout } = await run("tcpdump", { args: ["-e", "-n", "-tt", "-r", path] });
  return stdout.trimEnd().split("\n").flatMap((line) => parseFrame(line).echo ?? []);
}

for (const [remote, address] of CASES) {
  Deno.test({
    name: `capture gets a pod's packets from the switch: ${remote.type} to ${address}`,
    ignore,
    async fn() {
      await using vswitch = await Switch.start();
      await vswitch.addBridges(BRIDGE);
      const host = await vswitch.node.addPod("host");
      await connectHost(vswitch, host, "link0", undefined, vswitch.node);
      const path = `${vswitch.db.directory}/packets`;
      const args = ["--listen", address, "--protocol", `${remote.type}`, "--key", `${remote.key}`];
      const command = [executable("consumer"), "capture", ...args, "--write", path];
      await using capture = new Daemon(host, command, { output: true });
      await capture.stdout.cancel();
      for await (const line of lines(capture.stderr)) if (line.startsWith("receiving ")) break;
      const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
      const far = address.replace(/[[\]]/g, "");
      const mirror = { ...both("m1"), remote: { ...remote, address: far } };
      await pods.add([
        pod("peer", on("eth1", network("plain", ovs(100)), PEER)),
        pod("producer", on("eth1", network("p", ovs(100), producer(mirror)), PRODUCER)),
      ]);
      await pods.pod("producer").ping(PEER, PINGS);
      await until("all copies", async () => (await echoesIn(path)).length >= 2 * PINGS);
      assertEquals(await echoesIn(path), dialogue(PRODUCER, PEER));
      await pods.del();
    },
  });
}
