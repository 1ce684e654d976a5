import { assertEquals, assertStringIncludes } from "@std/assert";
import { both } from "../support/cni/chained.ts";
import { executable, type RoleName } from "../support/cni/plugin.ts";
import { BRIDGE, network, on, ovs, pod, producer } from "../support/cni/pods.ts";
import { createRuntime } from "../support/cni/runtime.ts";
import { Deployment } from "../support/deploy/deployment.ts";
import { Switch } from "../support/ovs/switch.ts";
import { connectHost } from "../support/ovs/underlay.ts";
import { Capture } from "../support/packets/capture.ts";
import { parseFrame } from "../support/packets/frame.ts";
import { isCopied, isNotCopied, Talk } from "../support/packets/talk.ts";
import { Daemon } from "../support/run/daemon.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { lines } from "../support/run/lines.ts";
import { run, until } from "../support/run/process.ts";

const ignore = await lacksSwitch();

const TALKING = "10.1.0.1";
const PEER = "10.1.0.9";

/** A node where a pod talks without pause that no plugin of ours knows. */
async function start() {
  await using resources = new AsyncDisposableStack();
  const vswitch = resources.use(await Switch.start());
  await vswitch.addBridges(BRIDGE);
  const pods = new Deployment(createRuntime(vswitch.db, vswitch.node), vswitch.node);
  await pods.add([
    pod("peer", on("eth1", network("plain", ovs(100)), PEER)),
    pod("talking", on("eth1", network("plain", ovs(100)), TALKING)),
    pod("watching", on("eth1", network("plain", ovs()))),
  ]);
  const talk = resources.use(await Talk.start(pods.pod("talking"), TALKING, PEER));
  const byHand = async (role: RoleName, ...args: string[]) => {
    const common = ["--mirror", "debug", "--socket", `unix:${vswitch.db.socket}`];
    const { code, stdout, stderr } = await vswitch.node.run(executable(role), {
      args: [...args, ...common],
      env: { OVS_MIRROR_CACHE_DIR: `${vswitch.db.directory}/cache`, OVS_MIRROR_POLICY: "/none" },
    });
    assertEquals(code, 0, stderr);
    return stdout;
  };
  const moved = resources.move();
  return { vswitch, pods, talk, byHand, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** What names a pod that no plugin of ours knows. */
function named(pods: Deployment, name: string): string[] {
  return ["--pod", pods.pod(name).netns];
}

Deno.test({
  name: "attach makes running traffic reach an interface of the node, and detach ends it",
  ignore,
  async fn() {
    await using started = await start();
    const { vswitch, pods, talk, byHand } = started;
    const words = [...named(pods, "talking"), "--internal", "debug0", "--for", "10m"];
    for (const _ of Array(2)) {
      await byHand("producer", "attach", ...words);
      await vswitch.node.succeed("ip", "link", "set", "debug0", "up");
      await using capture = await Capture.start(vswitch.node, "debug0");
      await isCopied(talk, capture);
      const args = ["show", "--socket", `unix:${vswitch.db.socket}`];
      // Its status is 1 if much was copied before the interface was up, and so dropped.
      const { stdout: table } = await vswitch.node.run(executable("producer"), { args });
      assertEquals(table.match(/by hand, until \S+( \S+)? UTC/g)?.length, 2, table);
      await byHand("producer", "detach", ...words);
      assertEquals(await vswitch.db.mirrors(), []);
    }
    assertEquals(talk.faults, 0);
  },
});

Deno.test({
  name: "attach of a source and of an output is in force when it returns, as is detach",
  ignore,
  async fn() {
    await using started = await start();
    const { vswitch, pods, talk, byHand } = started;
    const output = pods.pod("watching");
    await using capture = await Capture.start(output, "eth1");
    const [source, watching] = [named(pods, "talking"), named(pods, "watching")];
    for (const [role, words] of [["consumer", watching], ["producer", source]] as const) {
      const [first, last] = role === "consumer"
        ? [["producer", source], ["consumer", watching]] as const
        : [["consumer", watching], ["producer", source]] as const;
      await byHand(first[0], "attach", ...first[1]);
      await byHand(last[0], "attach", ...last[1]);
      await isCopied(talk, capture);
      await byHand(role, "detach", ...words);
      await isNotCopied(talk, capture);
      await byHand(first[0], "detach", ...first[1]);
    }
    assertEquals([await vswitch.db.mirrors(), talk.faults], [[], 0]);
  },
});

Deno.test({
  name: "attach sends a running pod's packets to capture, beside what the pod has attached itself",
  // The underlay has its address on a tap device, which takes root.
  ignore: ignore || Deno.uid() !== 0,
  async fn(t) {
    await using started = await start();
    const { vswitch, pods, talk, byHand } = started;
    const host = await vswitch.node.addPod("host");
    await connectHost(vswitch, host, "link0", undefined, vswitch.node);
    await pods.add([
      pod("own", on("eth1", network("own", ovs(100), producer(both("own"))), "10.1.0.7")),
    ]);
    for (const address of ["192.0.2.10", "2001:db8::10"]) {
      await t.step(`to ${address}`, async () => {
        const path = `${vswitch.db.directory}/packets`;
        const listen = address.includes(":") ? `[${address}]` : address;
        const args = ["--listen", listen, "--key", "7", "--write", path];
        await using capture = new Daemon(host, [executable("consumer"), "capture", ...args], {
          output: true,
        });
        await capture.stdout.cancel();
        for await (const line of lines(capture.stderr)) if (line.startsWith("receiving ")) break;
        const words = [...named(pods, "talking"), "--remote", `vxlan:${address},key=7`];
        assertStringIncludes(await byHand("producer", "attach", ...words), "is a source of mirror");
        const echoes: string[] = [];
        // What it wrote last may not be whole yet.
        const read = async () => {
          const { stdout } = await run("tcpdump", { args: ["-e", "-n", "-tt", "-r", path] });
          const found = stdout.trimEnd().split("\n").flatMap((line) => parseFrame(line).echo ?? []);
          echoes.splice(0, Infinity, ...found);
          return echoes.length > 0;
        };
        await talk.goesOn();
        await until("copies", read);
        const last = `${TALKING} > ${PEER} request ${talk.last + 1}`;
        await talk.goesOn();
        await until("further copies", async () => await read() && echoes.includes(last));
        const requests = echoes.filter((echo) => echo.includes("request"));
        assertEquals(new Set(requests).size, requests.length, "each once");
        await byHand("producer", "detach", ...words);
        const names = (await vswitch.db.mirrors()).map(({ name }) => name);
        assertEquals(names, ["own"]);
      });
    }
    assertEquals(talk.faults, 0);
    await pods.del("own");
    const ports = (await vswitch.db.rows("Port", ["name"])).map(({ name }) => String(name));
    assertEquals(ports.filter((name) => name.startsWith("mir-")), []);
  },
});
