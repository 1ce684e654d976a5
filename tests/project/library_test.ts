import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EMPTY, stringMap } from "../../lib/ovsdb/value.ts";
import { attach, Client, detach, type MirrorRequest, Refusal } from "../../mod.ts";
import { read, ROOT } from "../support/project/documents.ts";
import {
  checkSources,
  type Example,
  examplesIn,
  program,
  runExample,
  startProgram,
} from "../support/project/examples.ts";
import { startRegistry } from "../support/project/registry.ts";
import { ours } from "../support/cni/host.ts";
import { Files } from "../support/run/files.ts";
import { lines } from "../support/run/lines.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { runSwitch } from "../support/ovs/vswitchd.ts";
import { run, type RunOptions } from "../support/run/process.ts";

/** The modules that the library exports, and all names in them. */
const MODULES = ["exports/ovsdb.ts", "exports/cni.ts", "exports/mirror.ts"];
const NAMES = MODULES.flatMap((path) =>
  Array.from(read(path).matchAll(/^export (?:type )?\{([^}]+)\}/gm), ([, names]) => names!)
).flatMap((names) => names.split(",").map((name) => name.replace("type ", "").trim()))
  .filter((name) => name !== "");

Deno.test("the library has about fifty names, none of them twice", () => {
  assert(NAMES.length > 40 && NAMES.length <= 55, `${NAMES.length} names`);
  assertEquals(new Set(NAMES).size, NAMES.length);
});

Deno.test("no name of the library is a global's, not even a browser's", async () => {
  const source = ['/// <reference lib="dom" />', ...NAMES.map((name) => `void ${name};`), ""];
  const { stderr } = await checkSources([source.join("\n")]);
  const unknown = Array.from(stderr.matchAll(/Cannot find name '(\w+)'/g), ([, name]) => name);
  assertEquals(NAMES.filter((name) => !unknown.includes(name)), []);
});

Deno.test("the library is documented, and can be published as it is", async () => {
  const env = { NO_COLOR: "1" };
  const lint = await run(Deno.execPath(), { args: ["doc", "--lint", ...MODULES], cwd: ROOT, env });
  assertEquals([lint.code, lint.stderr], [0, `Checked ${MODULES.length} files\n`]);
  const args = ["publish", "--dry-run", "--allow-dirty"];
  const { code, stderr } = await run(Deno.execPath(), { args, cwd: ROOT, env });
  assertEquals([code, stderr.match(/^(warning|error).*$/gm)], [0, null], stderr);
});

/** What a runtime passes to the plugins of a pod with port `veth1`. */
const CALL = {
  CNI_CONTAINERID: "pod-1",
  CNI_NETNS: "/var/run/tests/pod-1",
  CNI_IFNAME: "eth1",
};
const PREV_RESULT = { cniVersion: "1.0.0", interfaces: [{ name: "veth1", mtu: 1450 }] };
const CONFIGURATION = { cniVersion: "1.0.0", name: "net", prevResult: PREV_RESULT };

/** A switch with bridge `br1` and ports `veth1` and `veth2`. */
async function withSwitch(test: (db: Ovsdb) => Promise<void>): Promise<void> {
  await using db = await Ovsdb.start();
  await using _switch = runSwitch(db, "--enable-dummy=override");
  await db.addBridgesWith({ datapath_type: "dummy" }, "br1");
  await db.addPorts("br1", "veth1", "veth2");
  await test(db);
}

/** Runs a plugin as a runtime does. Returns its exit status and what it printed. */
async function call(example: Example, db: Ovsdb, command: string, configuration: unknown) {
  const env = { ...CALL, CNI_COMMAND: command };
  const stdin = JSON.stringify(configuration);
  const { code, stdout, stderr } = await runExample(example, db.socket, { env, stdin });
  assertEquals(stderr, "");
  return { code, result: stdout === "" ? undefined : JSON.parse(stdout) };
}

/** What the documentation's examples do, by the module that they are of. */
const EFFECTS: Readonly<Record<string, (example: Example, db: Ovsdb) => Promise<void>>> = {
  "lib/ovsdb/client.ts": showsBridges,
  "lib/ovsdb/monitor.ts": showsBridges,
  "lib/ovsdb/guarded.ts": async (example, db) => {
    const { code, stderr } = await runExample(example, db.socket);
    assertEquals([code, stderr], [0, ""]);
    const other_config = ["map", [["mac-table-size", "16384"]]];
    assertEquals(await db.rows("Bridge", ["other_config"]), [{ other_config }]);
  },
  "lib/plugin/runner.ts": async (example, db) => {
    const { code, result } = await call(example, db, "ADD", CONFIGURATION);
    assertEquals([code, result], [0, PREV_RESULT]);
    const [port] = (await db.rows("Port", ["name", "external_ids"]))
      .filter(({ name }) => name === "veth1");
    assertEquals(port!.external_ids, ["map", [["container", "pod-1"]]]);
  },
  "lib/plugin/library.ts": async (example, db) => {
    const { code, stderr } = await runExample(example, db.socket);
    assertEquals([code, stderr], [0, ""]);
    const ports = { src: ["veth1"], dst: ["veth1"], output: "veth2" };
    assertEquals(await db.mirrors(), [ours("mirror-1", ports)]);
  },
};

async function showsBridges(example: Example, db: Ovsdb): Promise<void> {
  const { code, stdout, stderr } = await runExample(example, db.socket);
  assertEquals([code, stdout, stderr], [0, '[ "br1" ]\n', ""]);
}

for (const [path, hasEffect] of Object.entries(EFFECTS)) {
  const examples = examplesIn(path);
  assert(examples.length > 0, `${path} has no example`);
  for (const example of examples) {
    Deno.test(`${example.name} It does, with its permissions`, async () => {
      await withSwitch((db) => hasEffect(example, db));
    });
  }
}

Deno.test("the examples of the documentation type check", async () => {
  const { code, stderr } = await checkSources(
    Object.keys(EFFECTS).flatMap(examplesIn).map(({ source }) => source),
  );
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("examples/library/bridges.ts lists bridges and their ports", async () => {
  await withSwitch(async (db) => {
    await db.addBridges("br2");
    const { code, stdout } = await runExample(program("bridges.ts"), db.socket);
    assertEquals([code, stdout.split("\n").sort()], [0, ["", "br1: veth1, veth2", "br2: "]]);
  });
});

Deno.test("examples/library/monitor.ts follows ports until it is interrupted", async () => {
  await withSwitch(async (db) => {
    const child = startProgram(program("monitor.ts"), [db.socket]);
    const told = lines(child.stdout);
    const first = [(await told.next()).value, (await told.next()).value];
    assertEquals(first.sort(), ["+ veth1", "+ veth2"]);
    await db.addPorts("br1", "veth3");
    assertEquals((await told.next()).value, "+ veth3");
    await db.removePort("br1", "veth1");
    assertEquals((await told.next()).value, "- veth1");
    child.kill("SIGINT");
    assertEquals((await told.next()).done, true);
    assertEquals((await child.status).code, 0);
  });
});

Deno.test("examples/library/plugin.ts marks ports on ADD, and looks for the marks on CHECK", async () => {
  const plugin = program("plugin.ts");
  await withSwitch(async (db) => {
    assertEquals(await call(plugin, db, "ADD", CONFIGURATION), { code: 0, result: PREV_RESULT });
    for (const command of ["CHECK", "DEL"]) {
      const outcome = await call(plugin, db, command, CONFIGURATION);
      assertEquals(outcome, { code: 0, result: undefined });
    }
    const row = { external_ids: stringMap({}) };
    await db.transact([{ op: "update", table: "Port", where: [], row }]);
    const { code, result } = await call(plugin, db, "CHECK", CONFIGURATION);
    assertEquals([code, result.code, result.msg], [1, 100, "port veth1 is not marked"]);
  });
});

Deno.test("runPlugin() answers VERSION, and refuses ADD without the result of the plugin before", async () => {
  const plugin = program("plugin.ts");
  await withSwitch(async (db) => {
    const { code, result } = await call(plugin, db, "VERSION", { cniVersion: "0.4.0" });
    assertEquals([code, result.cniVersion, result.supportedVersions.at(-1)], [0, "0.4.0", "1.1.0"]);
    const { prevResult: _, ...first } = CONFIGURATION;
    const refusal = await call(plugin, db, "ADD", first);
    assertEquals([refusal.code, refusal.result.code], [1, 7]);
  });
});

Deno.test("runPlugin() makes a CNI error of one of the database", async () => {
  const plugin = program("plugin.ts");
  await withSwitch(async (db) => {
    const socket_file = `${db.directory}/none.sock`;
    const nobody = await call(plugin, db, "ADD", { ...CONFIGURATION, socket_file });
    assertEquals([nobody.code, nobody.result.code], [1, 11]);
    assertStringIncludes(nobody.result.msg, `ADD failed at the database: cannot connect to unix:`);
  });
});

Deno.test("examples/library/mirror.ts attaches two ports to a mirror, and detaches them", async () => {
  await withSwitch(async (db) => {
    const mirror = async (...args: string[]) => {
      const { code, stderr } = await runExample(program("mirror.ts"), db.socket, { args });
      return [code, stderr];
    };
    for (const _ of [1, 2]) {
      assertEquals(await mirror("attach", "br1", "m1", "veth1", "veth2"), [0, ""]);
      const ports = { src: ["veth1"], dst: ["veth1"], output: "veth2" };
      assertEquals(await db.mirrors(), [ours("m1", ports)]);
    }
    const taken = await mirror("attach", "br1", "m1", "veth2", "veth1");
    assertEquals(taken[0], 1);
    assertStringIncludes(String(taken[1]), "the port would be both source and output of it");
    for (const _ of [1, 2]) {
      assertEquals(await mirror("detach", "br1", "m1", "veth1", "veth2"), [0, ""]);
      assertEquals(await db.mirrors(), []);
    }
    const missing = await mirror("attach", "br1", "m1", "veth9", "veth2");
    assertEquals(missing, [1, 'Port "veth9" is not on bridge "br1"; name a port of the bridge\n']);
    assertEquals((await mirror("attach", "br1"))[0], 2);
  });
});

Deno.test("attach() takes all that a configuration may say, and detach() needs no direction", async () => {
  await withSwitch(async (db) => {
    using client = await Client.connect({ transport: "unix", path: db.socket });
    const source = { role: "producer", bridge: "br1", port: "veth1" } as const;
    const output = { role: "consumer", bridge: "br1", port: "veth2" } as const;
    const options = { name: "m1", snaplen: 128, vlans: [20, 10], shared: true };
    await attach(client, { ...source, mirrors: [{ name: "m1", ingress: true }] });
    await attach(client, { ...output, mirrors: [options] });
    const [row] = await db.rows("Mirror", ["snaplen", "select_vlan"]);
    assertEquals(row, { snaplen: 128, select_vlan: ["set", [10, 20]] });
    const [numbers] = await db.rows("Open_vSwitch", ["next_cfg", "cur_cfg"]);
    assertEquals(numbers!.cur_cfg, numbers!.next_cfg, "the switch has it");
    await detach(client, { ...output, mirrors: [{ name: "m1" }] });
    assertEquals(await db.rows("Mirror", ["snaplen", "select_vlan", "output_port"]), [
      { snaplen: EMPTY, select_vlan: EMPTY, output_port: EMPTY },
    ]);
    await attach(client, { ...output, mirrors: [{ name: "m2", all: true }] }, { wait: 0 });
    assertEquals(
      (await db.rows("Mirror", ["name", "select_all"])).filter((row) => row.select_all),
      [
        { name: "m2", select_all: true },
      ],
    );
    for (const mirrors of [[{ name: "m1" }], [{ name: "m2" }]]) {
      await detach(client, { ...source, mirrors });
      await detach(client, { ...output, mirrors });
    }
    assertEquals(await db.mirrors(), []);
  });
});

const INVALID: Readonly<Record<string, object>> = {
  'There is no role "both"': { role: "both" },
  "must not be empty": { mirrors: [] },
  "must be at least 14": { mirrors: [{ name: "m1", snaplen: 5 }] },
  'unknown member "mirrors[0].snaplem"': { mirrors: [{ name: "m1", snaplem: 64 }] },
};

Deno.test("attach() and detach() refuse what is not valid, and say what it is", async () => {
  await withSwitch(async (db) => {
    using client = await Client.connect({ transport: "unix", path: db.socket });
    const request = { role: "consumer", bridge: "br1", port: "veth2", mirrors: [{ name: "m1" }] };
    for (const [problem, members] of Object.entries(INVALID)) {
      for (const action of [attach, detach]) {
        const invalid = { ...request, ...members } as MirrorRequest;
        const error = await assertRejects(() => action(client, invalid), Refusal, problem);
        assertEquals(error.reason, "invalid configuration");
      }
    }
    assertEquals(await db.mirrors(), []);
  });
});

/** What a program in another directory imports, and how that directory comes to it. */
interface Way {
  from: (name: string) => string;
  /** Prepares the directory, and returns what the programs need in their environment. */
  prepare?: (directory: string, resources: AsyncDisposableStack) => Promise<Record<string, string>>;
}

const WAYS: Readonly<Record<string, Way>> = {
  "by path": { from: (name) => join(ROOT, name === "" ? "mod.ts" : `exports${name}.ts`) },
  "by an import map": {
    from: (name) => `@ovs-mirror/cni${name}`,
    async prepare(directory) {
      const exports = ["cni", "mirror", "ovsdb"].map((name) =>
        [`@ovs-mirror/cni/${name}`, join(ROOT, `exports/${name}.ts`)] as const
      );
      const imports = { "@ovs-mirror/cni": join(ROOT, "mod.ts"), ...Object.fromEntries(exports) };
      await Deno.writeTextFile(`${directory}/deno.json`, JSON.stringify({ imports }));
      return {};
    },
  },
  "after deno add": {
    from: (name) => `@ovs-mirror/cni${name}`,
    async prepare(directory, resources) {
      const { url } = resources.use(await startRegistry());
      // What was added stays out of the user's cache, and packages of npm come from there.
      const info = await run(Deno.execPath(), { args: ["info", "--json"] });
      await Deno.mkdir(`${directory}/cache`);
      await Deno.symlink(JSON.parse(info.stdout).npmCache, `${directory}/cache/npm`);
      const env = { JSR_URL: url, DENO_DIR: `${directory}/cache` };
      const args = ["add", "jsr:@ovs-mirror/cni"];
      const { code, stderr } = await run(Deno.execPath(), { args, cwd: directory, env });
      assertEquals(code, 0, stderr);
      return env;
    },
  },
};

for (const [way, { from, prepare }] of Object.entries(WAYS)) {
  Deno.test(`the examples' programs run from any directory, importing ${way}`, async () => {
    await withSwitch(async (db) => {
      await using resources = new AsyncDisposableStack();
      const { directory } = resources.use(await Files.make());
      const env = { NO_COLOR: "1", ...await prepare?.(directory, resources) };
      const copy = async (name: string): Promise<Example> => {
        const { source, ...example } = program(name);
        const text = source.replaceAll(
          /"@ovs-mirror\/cni(\/\w+)?"/g,
          (_, part = "") => JSON.stringify(from(part)),
        );
        await Deno.writeTextFile(`${directory}/${name}`, text);
        return { ...example, source: text };
      };
      const start = async (name: string, args: string[], options: RunOptions = {}) => {
        const { permissions } = await copy(name);
        return await run(Deno.execPath(), {
          ...options,
          args: ["run", "--quiet", "--no-prompt", ...permissions, name, ...args],
          cwd: directory,
          env: { ...env, ...options.env },
        });
      };
      const bridges = await start("bridges.ts", [db.socket]);
      assertEquals([bridges.code, bridges.stdout], [0, "br1: veth1, veth2\n"], bridges.stderr);

      const mirrored = ["attach", "br1", "m1", "veth1", "veth2", db.socket];
      const mirror = await start("mirror.ts", mirrored);
      assertEquals([mirror.code, mirror.stderr], [0, ""]);
      const stdin = JSON.stringify({
        cniVersion: "1.0.0",
        name: "net",
        prevResult: { ips: 1, interfaces: 5 },
      });
      const plugin = await start("plugin.ts", [], { stdin, env: { ...CALL, CNI_COMMAND: "ADD" } });
      assertEquals([plugin.code, JSON.parse(plugin.stdout).code], [1, 7], plugin.stderr);
      assertStringIncludes(plugin.stdout, '\\"interfaces\\" must be of type');

      const monitor = startProgram(await copy("monitor.ts"), [db.socket], { cwd: directory, env });
      const told = lines(monitor.stdout);
      const ports = [(await told.next()).value, (await told.next()).value];
      assertEquals(ports.sort(), ["+ veth1", "+ veth2"]);
      monitor.kill("SIGINT");
      assertEquals([(await told.next()).done, (await monitor.status).code], [true, 0]);
    });
  });
}

Deno.test("runPlugin() tells standard error what a handler threw, and the runtime its name alone", async () => {
  const source = `
    // deno run --allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS
    import { runPlugin } from "@ovs-mirror/cni";
    await runPlugin(() => Promise.reject(new RangeError("a secret")));`;
  const permissions = ["--allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS"];
  const { code, stdout, stderr } = await runExample({ name: "", source, permissions }, "", {
    env: { ...CALL, CNI_COMMAND: "ADD" },
    stdin: JSON.stringify(CONFIGURATION),
  });
  assertEquals([code, JSON.parse(stdout).code], [1, 199]);
  assertStringIncludes(stdout, "RangeError");
  assert(!stdout.includes("secret"));
  assertStringIncludes(stderr, "a secret");
});
