import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { OWNER } from "../../lib/mirror/snapshot/snapshot.ts";
import { EMPTY, readStringMap, stringMap, uuid } from "../../lib/ovsdb/value.ts";
import { Exporter } from "../support/cli/exporter.ts";
import { both, ingress } from "../support/cni/chained.ts";
import { Host, ours } from "../support/cni/host.ts";
import { executable, type RoleName } from "../support/cni/plugin.ts";
import { PolicyFile } from "../support/cni/policy_file.ts";
import { command } from "../support/run/command.ts";
import { lacks } from "../support/run/lacks.ts";
import { run, until } from "../support/run/process.ts";

/** Calls `attach` or `detach` on a host. */
async function byHand(host: Host, role: RoleName, ...args: string[]) {
  return await killedAfter(undefined, host, role, ...args);
}

/** Does so, and kills it after some milliseconds. */
async function killedAfter(
  delay: number | undefined,
  host: Host,
  role: RoleName,
  ...args: string[]
) {
  const env = { OVS_MIRROR_CACHE_DIR: host.cache, OVS_MIRROR_POLICY: "/none" };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const started = (pid: number) => {
    if (delay) timer = setTimeout(() => Deno.kill(pid, "SIGKILL"), delay);
  };
  const options = { role, env, started };
  const { code, stdout, stderr } = await command([...args, "--socket", host.db.socket], options);
  clearTimeout(timer);
  return { code, text: stdout + stderr };
}

/** Makes what is attached by hand end now. */
async function end(host: Host): Promise<void> {
  const rows = await host.db.rows("Mirror", ["_uuid", "external_ids"]);
  for (const { _uuid, external_ids } of rows) {
    const entries = [...readStringMap(external_ids)]
      .map(([key, value]) => [key, value.replace(/until=\d+/, "until=1")] as const);
    await host.db.transact([{
      op: "update",
      table: "Mirror",
      where: [["_uuid", "==", ["uuid", uuid(_uuid)]]],
      row: { external_ids: stringMap(Object.fromEntries(entries)) },
    }]);
  }
}

/** Makes interfaces of the node as old as those that a killed command left. */
async function age(host: Host): Promise<void> {
  const since = "ovs-mirror-hand-since";
  await host.db.transact([{
    op: "mutate",
    table: "Port",
    where: [["external_ids", "includes", stringMap({ "ovs-mirror-hand": "internal" })]],
    mutations: [
      ["external_ids", "delete", ["set", [since]]],
      ["external_ids", "insert", stringMap({ [since]: "1" })],
    ],
  }]);
}

/** Exit status of what a signal killed. */
const KILLED = 128 + 9;

Deno.test("attach makes a running pod a source, and detach takes it back by the same words", async () => {
  await using host = await Host.withSwitch();
  const pod = await host.addPod();
  const words = ["--pod", pod.netns, "--mirror", "debug", "--for", "10m"];
  const { code, text } = await byHand(host, "producer", "attach", ...words);
  assertEquals(code, 0, text);
  assertMatch(text, /^port "veth1" of bridge "br1" is a source of mirror "debug", until \d{4}-/);
  await host.assertMirrors(ours("debug", { src: ["veth1"], dst: ["veth1"] }));
  assertEquals((await byHand(host, "producer", "attach", ...words)).code, 0, "again");
  assertEquals((await byHand(host, "producer", "detach", ...words)).code, 0);
  await host.assertMirrors();
  const again = await byHand(host, "producer", "detach", ...words);
  assertEquals([again.code, again.text.includes("is not attached by hand")], [3, true]);
});

Deno.test("attach makes a running pod the output, with options, and detach takes both back", async () => {
  await using host = await Host.withSwitch();
  await (await host.addPod()).producer({ mirrors: [both("m1")] }).add();
  const pod = await host.addPod();
  const words = ["--port", pod.port, "--mirror", "m1", "--snaplen", "64", "--vlan", "7"];
  assertEquals((await byHand(host, "consumer", "attach", ...words)).code, 0);
  const columns = ["snaplen", "select_vlan", "output_port"];
  const port = await host.db.port(pod.port);
  assertEquals(await host.db.rows("Mirror", columns), [
    { snaplen: 64, select_vlan: 7, output_port: port },
  ]);
  assertEquals((await byHand(host, "consumer", "detach", "--port", pod.port, "-m", "m1")).code, 0);
  assertEquals(await host.db.rows("Mirror", columns), [
    { snaplen: EMPTY, select_vlan: EMPTY, output_port: EMPTY },
  ]);
});

Deno.test("an interface of the node gets the copies, and goes with its source", async () => {
  await using host = await Host.withSwitch();
  const pod = await host.addPod();
  const words = ["--pod", pod.netns, "--mirror", "debug"];
  const attach = () => byHand(host, "producer", "attach", ...words, "--internal", "cap0");
  assertEquals((await attach()).code, 0);
  await host.assertMirrors(ours("debug", { src: ["veth1"], dst: ["veth1"], output: "cap0" }));
  const twice = await attach();
  assertStringIncludes(twice.text, 'there is a port or interface "cap0" on the switch already');
  assertEquals((await byHand(host, "producer", "detach", ...words)).code, 0);
  await host.assertMirrors();
  const ports = (await host.db.rows("Port", ["name"])).map(({ name }) => name);
  assertEquals(ports.includes("cap0"), false);
});

for (const command of ["ADD", "DEL", "GC"]) {
  Deno.test(`${command} of anybody takes back what has ended`, async () => {
    await using host = await Host.withSwitch();
    const [pod, other] = [await host.addPod(), await host.addPod()];
    const config = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };
    const plugin = other.producer({ ...config, mirrors: [both("m9")] });
    if (command !== "ADD") await plugin.add();
    const words = ["--port", pod.port, "--mirror", "debug", "--for", "1h"];
    assertEquals((await byHand(host, "producer", "attach", ...words)).code, 0);
    await (command === "GC" ? host.plugin("producer", config) : plugin).run(command);
    const names = async () => (await host.db.mirrors()).map(({ name }) => name);
    assertEquals((await names()).includes("debug"), true, "not before its end");
    await end(host);
    if (command === "ADD") await plugin.run("DEL");
    await (command === "GC" ? host.plugin("producer", config) : plugin).run(command);
    assertEquals((await names()).includes("debug"), false);
  });
}

Deno.test("what a pod attached itself stays when what is attached by hand ends, in either order", async () => {
  await using host = await Host.withSwitch();
  for (const isFirst of [true, false]) {
    const pod = await host.addPod();
    const plugin = pod.producer({ mirrors: [ingress("m1")] });
    const attach = () =>
      byHand(host, "producer", "attach", "--port", pod.port, "--mirror", "m1", "--for", "1h");
    if (isFirst) await plugin.add();
    assertEquals((await attach()).code, 0);
    if (!isFirst) await plugin.add();
    await end(host);
    await (await host.addPod()).producer({ mirrors: [ingress("m2")] }).add();
    const [mirror] = await host.db.mirrors();
    assertEquals([mirror!.src, mirror!.dst], [[pod.port], []]);
    await plugin.check();
    await plugin.del();
    assertEquals((await host.db.mirrors()).map(({ name }) => name).includes("m1"), false);
  }
});

Deno.test("DEL of the pod leaves nothing of what was attached by hand, once its port is gone", async () => {
  await using host = await Host.withSwitch();
  const [pod, other] = [await host.addPod(), await host.addPod()];
  await other.producer({ mirrors: [both("m1")] }).add();
  assertEquals(
    (await byHand(host, "producer", "attach", "--port", pod.port, "--mirror", "m1")).code,
    0,
  );
  await host.db.removePort("br1", pod.port);
  await other.producer({ mirrors: [both("m1")] }).add();
  const [row] = await host.db.rows("Mirror", ["external_ids"]);
  assertEquals([...readStringMap(row!.external_ids).keys()], ["owner"]);
});

Deno.test("what is attached by hand has its end in each consumer's row, whichever leaves first", async () => {
  await using host = await Host.withSwitch();
  const pods = [await host.addPod(), await host.addPod(), await host.addPod()];
  const words = ["--port", pods[0]!.port, "--mirror", "m1", "--for", "1h"];
  assertEquals((await byHand(host, "producer", "attach", ...words)).code, 0);
  const consumers = pods.slice(1)
    .map((pod) => pod.consumer({ mirrors: [{ name: "m1", shared: true }] }));
  for (const consumer of consumers) await consumer.add();
  await consumers[0]!.del();
  assertEquals((await host.db.mirrors()).map(({ src, output }) => [src, output]), [
    [[pods[0]!.port], pods[2]!.port],
  ]);
  const { text } = await byHand(host, "producer", "detach", ...words);
  assertStringIncludes(text, "1 taken back");
  await host.assertMirrors(ours("m1", { output: pods[2]!.port }));
});

Deno.test("detach removes the mirror that was empty when another one was killed", async () => {
  await using host = await Host.withSwitch();
  await host.db.addMirror("br1", { name: "m1", external_ids: stringMap({ owner: OWNER }) });
  assertEquals((await byHand(host, "producer", "detach", "--all")).code, 0);
  await host.assertMirrors();
});

Deno.test("attach and detach that are killed at any moment leave nothing that detach does not take back", async () => {
  await using host = await Host.withSwitch();
  const [pod, other] = [await host.addPod(), await host.addPod()];
  await other.producer({ mirrors: [both("m1")] }).add();
  const own = await host.db.mirrors();
  const ports = async () => (await host.db.rows("Port", ["name"])).map(({ name }) => name);
  const before = await ports();
  let killed = 0;
  for (let delay = 40; delay < 280; delay += 10) {
    const mirror = delay % 20 === 0 ? "m1" : "m2";
    const words = ["--port", pod.port, "--mirror", mirror, "--for", "1h"];
    const internal = delay % 40 < 20 ? ["--internal", `cap${delay}`] : [];
    if (mirror === "m1") await byHand(host, "producer", "attach", ...words);
    const line = mirror === "m1" ? ["detach", ...words] : ["attach", ...words, ...internal];
    killed += Number((await killedAfter(delay, host, "producer", ...line)).code === KILLED);
    await age(host);
    const { code, text } = await byHand(host, "producer", "detach", "--all");
    assertEquals([code, await host.db.mirrors(), await ports()], [0, own, before], text);
  }
  assert(killed > 5, `${killed} were killed`);
});

Deno.test("a collection of metrics takes back what has ended, and show tells what has not", async () => {
  await using host = await Host.withSwitch();
  const [pod, other] = [await host.addPod(), await host.addPod()];
  const attach = (port: string, mirror: string) =>
    byHand(host, "producer", "attach", "--port", port, "--mirror", mirror, "--for", "1h");
  assertEquals((await attach(pod.port, "debug")).code, 0);
  const { stdout } = await command(["show", "--socket", host.db.socket]);
  assertMatch(stdout, /by hand, until .*\d\d:\d\d UTC/);
  await end(host);
  await using exporter = await Exporter.start(host.db.socket);
  await exporter.note(/: connected$/);
  await until("what has ended to be taken back", async () => {
    await exporter.get("/metrics");
    return (await host.db.mirrors()).length === 0;
  });
  assertEquals((await attach(other.port, "m2")).code, 0);
  await exporter.until(/^ovs_mirror_by_hand\{.*mirror="m2".*\} 1$/m);
  await host.assertMirrors(ours("m2", { src: [other.port], dst: [other.port] }));
});

/** Path of the first pod's network namespace. */
const NETNS = "/var/run/tests/pod-1";

const MISTAKES: Readonly<Record<string, [role: RoleName, ...args: string[]]>> = {
  "name either a pod": ["producer", "attach", "--mirror", "m"],
  "name the mirror": ["producer", "attach", "--port", "veth1"],
  "has no port on this node's switch": ["producer", "attach", "--pod", "a/b", "--mirror", "m"],
  'has no interface "eth7"': [
    ...["producer", "attach", "--pod", NETNS, "-i", "eth7"] as const,
    ...["--mirror", "m"],
  ],
  'can\'t be "-1m"': ["producer", "attach", "--port", "veth1", "--mirror", "m", "--for=-1m"],
  "--snaplen is of an output": ["producer", "attach", "--port", "veth1", "-m", "m", "-s", "64"],
  "--ingress is of a source": ["consumer", "attach", "--port", "veth1", "-m", "m", "--ingress"],
  "must be at least 14": ["consumer", "attach", "--port", "veth1", "-m", "m", "-s", "5"],
  "the filter at": ["consumer", "attach", "--port", "veth1", "-m", "m", "--filter", "x=1"],
  "is no far end of a tunnel": [
    "producer",
    "attach",
    "--port",
    "veth1",
    "-m",
    "m",
    "--remote",
    "x",
  ],
  "--all stands alone": ["producer", "detach", "--all", "--port", "veth1"],
};

Deno.test("attach and detach say what is wrong with a command line, and change nothing", async () => {
  await using host = await Host.withSwitch();
  await host.addPod();
  for (const [problem, [role, ...args]] of Object.entries(MISTAKES)) {
    const { code, text } = await byHand(host, role, ...args);
    assertEquals([code === 2 || code === 3, text.includes(problem)], [true, true], text);
  }
  await host.assertMirrors();
});

Deno.test("a pod with several ports is not guessed at", async () => {
  await using host = await Host.withSwitch();
  const pod = await host.addPod();
  await pod.addInterface({ port: "veth1b", ifname: "eth2" });
  const attach = (...args: string[]) =>
    byHand(host, "producer", "attach", "--pod", pod.netns, "--mirror", "m", ...args);
  const { code, text } = await attach();
  assertEquals(code, 3);
  assertStringIncludes(text, "several ports: veth1 (eth1), veth1b (eth2)");
  assertEquals((await attach("--interface", "eth2")).code, 0);
  await host.assertMirrors(ours("m", { src: ["veth1b"], dst: ["veth1b"] }));
  assertEquals((await byHand(host, "producer", "detach", "--all")).code, 0);
  await host.assertMirrors();
});

Deno.test("attach keeps to what the node's policy says of it, and detach is asked nothing", {
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
}, async () => {
  await using host = await Host.withSwitch();
  const pod = await host.addPod();
  const file = await PolicyFile.make(host.db);
  const [program, ...through] = file.through;
  const call = async (...words: string[]) => {
    const args = [...through, executable("producer"), ...words, "--port", pod.port];
    const { code, stdout, stderr } = await run(program!, {
      args: [...args, "--mirror", "m1", "--socket", host.db.socket],
      env: { OVS_MIRROR_CACHE_DIR: host.cache },
      clearEnv: true,
      cwd: "/",
    });
    return { code, text: stdout + stderr };
  };
  const attaches = async (...words: string[]) => {
    const { code, text } = await call("attach", ...words);
    assertEquals(code, 0, text);
    assertEquals((await host.db.mirrors()).length, 1);
    assertEquals((await call("detach")).code, 0);
    await host.assertMirrors();
  };
  const refused = async (words: string[], ...said: string[]) => {
    const { code, text } = await host.unchanged(() => call("attach", ...words));
    assertEquals(code, 3, text);
    for (const part of ["/etc/ovs-mirror-cni/policy.json", ...said]) {
      assertStringIncludes(text, part);
    }
  };
  const remote = (address: string) => ["--remote", `vxlan:${address},key=5`];

  await file.write({ consumers: [], producers: [{ remotes: ["192.0.2.0/24"] }] });
  await attaches();
  await attaches(...remote("192.0.2.10"));
  await refused(remote("198.51.100.10"), '"198.51.100.10"', 'the "remotes" of a rule');
  await file.write({ byHand: { seconds: 60 } });
  await attaches("--for", "60s");
  await refused(["--for", "61s"], '"byHand" allows 60 s at most');
  await refused([], '"byHand" allows 60 s at most', "an end that is sooner");
  await file.write({ byHand: true });
  await attaches();
  assertEquals((await call("attach")).code, 0);
  await file.write({ byHand: false });
  await refused(["--for", "1s"], '"byHand" is false');
  await file.write({ byhand: true });
  await refused([], 'is "byHand" meant?');
  assertEquals((await call("detach")).code, 0);
  await host.assertMirrors();
});
