import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { command, commandOnTerminal } from "../support/run/command.ts";
import { Host } from "../support/cni/host.ts";
import { executable } from "../support/cni/plugin.ts";
import { run } from "../support/run/process.ts";
import { lacks } from "../support/run/lacks.ts";
import type { Ovsdb } from "../support/ovs/ovsdb.ts";
import { stringMap } from "../../lib/ovsdb/value.ts";

/** A host with a producer and a consumer of `m1`. */
async function startHost(): Promise<Host> {
  const host = await Host.start("br1", "br2");
  await (await host.addPod()).producer().add();
  await (await host.addPod()).consumer().add();
  return host;
}

async function show({ db }: { db: Ovsdb }, ...args: string[]) {
  return await command(["show", "--socket", db.socket, ...args]);
}

/** Gives the node a name, as Open vSwitch's start script does. */
async function nameNode({ db }: Host, hostname: string): Promise<void> {
  const row = { external_ids: stringMap({ hostname }) };
  await db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
}

Deno.test("show prints what the plugins set up, one line a mirror", async () => {
  await using host = await startHost();
  await nameNode(host, "worker-1");
  assertEquals(await show(host), {
    code: 0,
    stdout: `\
node worker-1  not known whether the switch runs
MIRROR  BRIDGE  OWNER  PACKETS  BYTES  DROPPED  VERDICT                 SOURCES                   OUTPUTS
m1      br1     ours         -      -        -  waiting for the switch  veth1 (eth1, netns /var/run/tests/pod-1, ingress+egress)  veth2 (eth1, netns /var/run/tests/pod-2)
`,
    stderr: "",
  });
});

Deno.test({
  name: "show names the node as its host, where Open vSwitch has no name for it",
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
  async fn() {
    await using host = await startHost();
    const setup = 'mount -t tmpfs none /etc && printf %s "$H" >/etc/hostname';
    for (const [hostname, node] of [["", undefined], ["\n", undefined], ["h-1\n", "h-1"]]) {
      const words = ["show", "--socket", host.db.socket, "--format", "json"];
      const { stdout } = await run("unshare", {
        args: ["-m", "sh", "-c", `${setup} && exec "$0" "$@"`, executable("producer"), ...words],
        env: { H: hostname! },
      });
      assertEquals(JSON.parse(stdout).node, node);
    }
  },
});

Deno.test("show prints JSON and pictures of the same", async () => {
  await using host = await startHost();
  await nameNode(host, "worker-1");
  const json = await show(host, "--format", "json");
  const { node, switch: state, mirrors: [mirror] } = JSON.parse(json.stdout);
  assertEquals([node, state], ["worker-1", "unknown"]);
  const { rows: [{ id, ...row }], ...others } = mirror;
  assertMatch(id, /^[0-9a-f-]{36}$/);
  assertEquals(row, {
    owner: "ovs-cni.network.kubevirt.io",
    allPorts: false,
    vlans: [],
    selected: 2,
    output: {
      kind: "port",
      name: "veth2",
      interface: "eth1",
      netns: "/var/run/tests/pod-2",
      onBridge: true,
    },
    verdict: { words: ["waiting for the switch"], problems: [] },
  });
  assertEquals(others, {
    name: "m1",
    bridge: "br1",
    sources: [{
      name: "veth1",
      interface: "eth1",
      netns: "/var/run/tests/pod-1",
      ingress: true,
      egress: true,
    }],
    sameSources: true,
    verdict: { words: ["waiting for the switch"], foreign: false, problem: false, problems: [] },
  });
  const mermaid = await show(host, "--format=mermaid");
  assertStringIncludes(mermaid.stdout, '-->|"ingress+egress"|');
  const dot = await show(host, "--format=dot");
  assertMatch(dot.stdout, /^digraph mirrors \{\n[^]*\n\}\n$/);
  assertEquals([json.code, mermaid.code, dot.code], [0, 0, 0]);
});

Deno.test("show fails over a problem of our mirrors only", async () => {
  await using host = await startHost();
  await host.db.addMirror("br1", { name: "span" });
  assertEquals((await show(host)).code, 0);
  await host.db.removePort("br1", "veth2");
  const { code, stdout, stderr } = await show(host);
  assertEquals([code, stderr], [1, ""]);
  assertMatch(stdout, /^m1 .* no output {2}/m);
  assertMatch(stdout, /^span .* foreign, no sources, no output {2}/m);
});

const DOWN = [
  { link_state: "down" },
  { admin_state: "down" },
  { ofport: -1 },
  { error: "could not open network device veth2 (No such device)" },
] as const;

for (const row of DOWN) {
  Deno.test(`show notices an output port that is down: ${JSON.stringify(row)}`, async () => {
    await using host = await startHost();
    await host.db.transact([
      { op: "update", table: "Interface", where: [["name", "==", "veth2"]], row },
    ]);
    const { code, stdout } = await show(host);
    assertEquals(code, 1);
    assertMatch(stdout, /^m1 .* output port down {2}/m);
  });
}

Deno.test("show notices an output port on another bridge", async () => {
  await using host = await startHost();
  await host.db.addPorts("br2", "far");
  const output_port = await host.db.port("far");
  await host.db.transact([{ op: "update", table: "Mirror", where: [], row: { output_port } }]);
  const { code, stdout } = await show(host);
  assertEquals(code, 1);
  assertMatch(stdout, /^m1 .* output port on another bridge {2}/m);
});

Deno.test("show makes one mirror of rows that differ in their output", async () => {
  await using host = await Host.start();
  await host.db.addPorts("br1", "source", "whole", "part");
  const external_ids = stringMap({ owner: "ovs-cni.network.kubevirt.io" });
  const row = { name: "m1", external_ids, select_src_port: await host.db.port("source") };
  await host.db.addMirror("br1", { ...row, output_port: await host.db.port("whole") });
  await host.db.addMirror("br1", {
    ...row,
    output_port: await host.db.port("part"),
    snaplen: 64,
    select_vlan: ["set", [5, 6]],
  });
  const { code, stdout } = await show(host);
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^m1 .* source \(ingress\) +(whole, part \(VLAN 5, 6, first 64 bytes\)|part \(VLAN 5, 6, first 64 bytes\), whole)$/m,
  );
  const { mirrors: [mirror, ...others] } = JSON.parse((await show(host, "--format=json")).stdout);
  assertEquals([mirror.rows.length, others.length], [2, 0]);
  const part = mirror.rows.find(({ snaplen }: { snaplen?: number }) => snaplen === 64);
  assertEquals([part.output.name, part.vlans], ["part", [5, 6]]);
});

Deno.test("show limits itself to a bridge and a mirror", async () => {
  await using host = await startHost();
  await host.db.addMirror("br1", { name: "n" });
  await host.db.addMirror("br2", { name: "n" });
  const found = async (...args: string[]) => {
    const { code, stdout } = await show(host, "--format=json", ...args);
    const { mirrors } = JSON.parse(stdout);
    return [
      code,
      ...mirrors.map(({ bridge, name, sources: [source] }: {
        bridge: string;
        name: string;
        sources: { name: string }[];
      }) => `${bridge} ${name} ${source?.name ?? ""}`.trim()),
    ];
  };
  assertEquals(await found("--bridge", "br2"), [0, "br2 n"]);
  assertEquals(await found("--bridge", "br1"), [0, "br1 m1 veth1", "br1 n"]);
  assertEquals(await found("--mirror", "n"), [0, "br1 n", "br2 n"]);
  assertEquals(await found("--mirror=m1", "--bridge=br1"), [0, "br1 m1 veth1"]);
  assertEquals(await found("--mirror=m1", "--mirror=n"), [0, "br1 m1 veth1", "br1 n", "br2 n"]);
  assertEquals(await found("--bridge=br1", "--bridge=br2", "--mirror=n"), [0, "br1 n", "br2 n"]);
});

Deno.test("show tells when what it was asked for is not there", async () => {
  await using host = await startHost();
  const cases: [string[], string][] = [
    [["--bridge", "br9"], 'there is no bridge "br9" on this switch'],
    [["--mirror", "m9"], 'there is no mirror "m9" on this switch'],
    [["--mirror", "m1", "--mirror", "m9"], 'there is no mirror "m9" on this switch'],
    [["--mirror", "m1", "--bridge", "br2"], 'there is no mirror "m1" on bridge "br2"'],
  ];
  for (const [args, message] of cases) {
    const stderr = `ovs-mirror-producer: ${message}\n`;
    assertEquals(await show(host, ...args), { code: 1, stdout: "", stderr });
  }
  await nameNode(host, "worker-1");
  assertEquals(await show(host, "--bridge", "br2"), {
    code: 0,
    stdout: "node worker-1  not known whether the switch runs\nThere are no mirrors.\n",
    stderr: "",
  });
});

Deno.test("show --for tells what is carried between its looks, and the totals of the second", async () => {
  await using host = await startHost();
  const count = (packets: number) => {
    const statistics = ["map", [["tx_packets", packets], ["tx_bytes", 100]]] as const;
    return host.db.transact([{ op: "update", table: "Mirror", where: [], row: { statistics } }]);
  };
  await count(0);
  let isOver = false;
  const showing = show(host, "--for", "6", "--format", "json").finally(() => isOver = true);
  for (let packets = 1000; !isOver; packets += 1000) {
    await count(packets);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { mirrors: [{ rows: [{ traffic, rate }] }] } = JSON.parse((await showing).stdout);
  assert(rate.packets > 50, `${rate.packets} a second`);
  assert(traffic.packets >= 6 * rate.packets, `${traffic.packets} are too few`);
});

Deno.test("show --for wants more time than the switch takes to count", async () => {
  await using host = await startHost();
  const row = { other_config: stringMap({ "stats-update-interval": "10000" }) };
  await host.db.transact([{ op: "update", table: "Open_vSwitch", where: [], row }]);
  const { code, stderr } = await show(host, "--for", "10");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "this switch counts every 10 s only");
  assertStringIncludes(stderr, "use --for 11 or more");
});

const noTerminal = lacks({ script: "bsdutils", stty: "coreutils" });

Deno.test({
  name: "show uses the width and the colour of a terminal",
  ignore: noTerminal,
  async fn() {
    await using host = await startHost();
    await nameNode(host, "worker-1");
    await host.db.removePort("br1", "veth2");
    const args = ["show", "--socket", host.db.socket];
    for (const columns of [80, 20]) {
      const { code, stdout } = await commandOnTerminal(args, columns);
      assertEquals(code, 1);
      assertStringIncludes(stdout, "\x1b[31mno output\x1b[0m");
      // deno-lint-ignore no-control-regex
      const lines = stdout.replaceAll(/\x1b\[\d+m/g, "").split("\n");
      assertEquals(lines.filter((line) => line.length > columns), []);
    }
    const { stdout } = await commandOnTerminal(args, 80, { NO_COLOR: "1" });
    assertEquals(
      stdout,
      `\
node worker-1  not known whether the switch runs
MIRROR  BRIDGE  OWNER  PACKETS  BYTES  DROPPED  VERDICT
m1      br1     ours         -      -        -  no output
  ingress+egress  veth1  eth1  netns /var/run/tests/pod-1
`,
    );
    assertEquals((await commandOnTerminal(args, 80, { TERM: "dumb" })).stdout, stdout);
  },
});
