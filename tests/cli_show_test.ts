import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { command, commandOnTerminal } from "./support/command.ts";
import { Host } from "./support/host.ts";
import { lacks } from "./support/lacks.ts";
import { Ovsdb } from "./support/ovsdb.ts";
import { succeed } from "./support/process.ts";

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

Deno.test("show prints what the plugins set up", async () => {
  await using host = await startHost();
  assertEquals(await show(host), {
    code: 0,
    stdout: `\
MIRROR  BRIDGE  OWNER  PACKETS  BYTES  VERDICT
m1      br1     ours         -      -  waiting for the switch
  ingress+egress  veth1  eth1  netns /var/run/netns/pod-1
  output          veth2  eth1  netns /var/run/netns/pod-2
`,
    stderr: "",
  });
});

Deno.test("show prints JSON and pictures of the same", async () => {
  await using host = await startHost();
  const json = await show(host, "--format", "json");
  const { mirrors: [{ id, ...mirror }] } = JSON.parse(json.stdout);
  assertMatch(id, /^[0-9a-f-]{36}$/);
  assertEquals(mirror, {
    name: "m1",
    bridge: "br1",
    owner: "ovs-cni.network.kubevirt.io",
    sources: [{
      name: "veth1",
      interface: "eth1",
      netns: "/var/run/netns/pod-1",
      ingress: true,
      egress: true,
    }],
    allPorts: false,
    vlans: [],
    output: {
      name: "veth2",
      interface: "eth1",
      netns: "/var/run/netns/pod-2",
      down: false,
      onBridge: true,
    },
    verdict: { words: ["waiting for the switch"], foreign: false, problem: false },
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
  assertMatch(stdout, /^m1 .* no output$/m);
  assertMatch(stdout, /^span .* foreign, no sources, no output$/m);
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
    assertMatch(stdout, /^m1 .* output port down$/m);
  });
}

Deno.test("show notices an output port on another bridge", async () => {
  await using host = await startHost();
  await host.db.addPorts("br2", "far");
  const output_port = await host.db.port("far");
  await host.db.transact([{ op: "update", table: "Mirror", where: [], row: { output_port } }]);
  const { code, stdout } = await show(host);
  assertEquals(code, 1);
  assertMatch(stdout, /^m1 .* output port on another bridge$/m);
});

Deno.test("show limits itself to a bridge and a mirror", async () => {
  await using host = await startHost();
  await host.db.addMirror("br1", { name: "n" });
  await host.db.addMirror("br2", { name: "n" });
  const found = async (...args: string[]) => {
    const { code, stdout } = await show(host, "--format=json", ...args);
    const { mirrors } = JSON.parse(stdout);
    return [code, ...mirrors.map((mirror: Record<string, string>) => mirror.bridge! + mirror.name)];
  };
  assertEquals(await found("--bridge", "br2"), [0, "br2n"]);
  assertEquals(await found("--mirror", "n"), [0, "br1n", "br2n"]);
  assertEquals(await found("--mirror=m1", "--bridge=br1"), [0, "br1m1"]);
});

Deno.test("show tells when what it was asked for is not there", async () => {
  await using host = await startHost();
  const cases: [string[], string][] = [
    [["--bridge", "br9"], 'there is no bridge "br9" on this switch'],
    [["--mirror", "m9"], 'there is no mirror "m9" on this switch'],
    [["--mirror", "m1", "--bridge", "br2"], 'there is no mirror "m1" on bridge "br2"'],
  ];
  for (const [args, message] of cases) {
    const stderr = `ovs-mirror-producer: ${message}\n`;
    assertEquals(await show(host, ...args), { code: 1, stdout: "", stderr });
  }
  assertEquals(await show(host, "--bridge", "br2"), {
    code: 0,
    stdout: "There are no mirrors.\n",
    stderr: "",
  });
});

/** Runs `show` against a socket that answers each connection with some bytes and closes it. */
async function showAgainst(answer: string, directory: string) {
  const path = `${directory}/other.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(16_384));
    await connection.write(new TextEncoder().encode(answer));
  })();
  const finished = await command(["show", "--socket", path]);
  await serving;
  await Deno.remove(path);
  return finished;
}

Deno.test("show says in one line what is wrong with the database", async () => {
  await using db = await Ovsdb.start();
  const { directory } = db;
  await Deno.writeTextFile(`${directory}/file`, "");
  const missing = await command(["show", "--socket", `${directory}/none`]);
  const file = await command(["show", "--socket", `${directory}/file`]);
  const http = await showAgainst("HTTP/1.1 400 Bad Request\r\n\r\n", directory);
  const closed = await showAgainst("", directory);
  const cases = [
    [missing, /cannot connect to unix:\S+ \(NotFound\); is ovsdb-server running/],
    [file, /cannot connect to unix:\S+ \(ConnectionRefused\); is ovsdb-server running/],
    [http, /unix:\S+: the server sent something that is not a JSON object; is it ovsdb-server\?/],
    [closed, /the server closed the connection; is ovsdb-server running/],
  ] as const;
  for (const [{ code, stdout, stderr }, message] of cases) {
    assertEquals([code, stdout], [3, ""]);
    assertMatch(stderr, /^ovs-mirror-producer: [^\n]*\n$/);
    assertMatch(stderr, message);
  }
});

Deno.test("show knows a database that is not Open vSwitch's", async () => {
  await using db = await Ovsdb.start();
  const schema = { name: "Other", version: "1.0.0", tables: {} };
  await Deno.writeTextFile(`${db.directory}/other.schema`, JSON.stringify(schema));
  await succeed("ovsdb-tool", "create", `${db.directory}/other.db`, `${db.directory}/other.schema`);
  const target = `--target=${db.directory}/server.ctl`;
  await succeed("ovs-appctl", target, "ovsdb-server/add-db", `${db.directory}/other.db`);
  await succeed("ovs-appctl", target, "ovsdb-server/remove-db", "Open_vSwitch");
  const { code, stdout, stderr } = await show({ db });
  assertEquals([code, stdout], [3, ""]);
  assertMatch(
    stderr,
    /^ovs-mirror-producer: unix:\S+ is not the database of Open vSwitch \(unknown database\b.*\n$/,
  );
});

const noTerminal = lacks({ script: "bsdutils", stty: "coreutils" });

Deno.test({
  name: "show uses the width and the colour of a terminal",
  ignore: noTerminal,
  async fn() {
    await using host = await startHost();
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
    assertEquals(stdout, (await command(args)).stdout);
  },
});
