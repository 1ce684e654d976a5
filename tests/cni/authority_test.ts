import { assert, assertEquals } from "@std/assert";
import { Host } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { executable } from "../support/cni/plugin.ts";
import { changesFile, pathsOf, readTrace, type SystemCall, traced } from "../support/run/strace.ts";

/** What the runtime base may read: itself, its libraries, the machine's form, randomness. */
const RUNTIME = /^(?:\/proc|\/sys|\/dev\/urandom$|\/etc\/ld\.so|\/etc\/localtime$|\/usr|\/lib)/;

/** Runs a command with directories of its own around it, and returns what it did there. */
async function trace(host: Host, command: string): Promise<SystemCall[]> {
  const { directory } = host.db;
  const report = `${directory}/trace`;
  const [pod] = [await host.addPod()];
  const configuration_path = `${directory}/ovs.conf`;
  await Deno.writeTextFile(configuration_path, JSON.stringify({ bridge: "br1" }));
  for (const name of ["tmp", "home", "work"]) await Deno.mkdir(`${directory}/${name}`);
  const producer = pod.producer({ bridge: "", configuration_path });
  if (command === "DEL") await producer.add();
  await producer.with({
    through: traced(report),
    env: { TMPDIR: `${directory}/tmp`, HOME: `${directory}/home`, PATH: "/usr/bin:/bin" },
    cwd: `${directory}/work`,
  }).run(command);
  for (const name of ["tmp", "home", "work"]) {
    assertEquals(Array.from(Deno.readDirSync(`${directory}/${name}`)), [], name);
  }
  return await readTrace(report);
}

/** Paths with what is random in them replaced. */
function normal(host: Host, path: string): string {
  return path.replace(host.db.directory, "HERE").replace(
    /\/\.pod-1-eth1_prod\.[0-9a-f]{12}$/,
    "/.TEMPORARY",
  );
}

const CHANGES = {
  ADD: [
    ["openat", "HERE/cache/.TEMPORARY"],
    ["mkdir", "HERE/cache"],
    ["openat", "HERE/cache/.TEMPORARY"],
    ["linkat", "HERE/cache/.TEMPORARY", "HERE/cache/pod-1-eth1_prod"],
    ["unlink", "HERE/cache/.TEMPORARY"],
    // The row of the mirror that was made.
    ["openat", "HERE/cache/.TEMPORARY"],
    ["rename", "HERE/cache/.TEMPORARY", "HERE/cache/pod-1-eth1_prod"],
  ],
  DEL: [["unlink", "HERE/cache/pod-1-eth1_prod"]],
};

for (const [command, expected] of Object.entries(CHANGES)) {
  Deno.test(`what ${command} asks of the kernel`, {
    ignore: lacks({ strace: "strace" }),
  }, async (t) => {
    await using host = await Host.start();
    const calls = await trace(host, command);
    const named = (name: string) => calls.filter((call) => call.name === name);

    await t.step("it changes its cache entry and no other file", () => {
      const changes = calls.filter(changesFile).map((call) => [
        call.name.replace(/^(mkdir|rename|unlink)at2?$/, "$1"),
        ...pathsOf(call).map((path) => normal(host, path)),
      ]);
      assertEquals(changes, expected);
    });
    await t.step("it reads configuration, cache and what the runtime base needs", () => {
      const paths = calls.filter(({ name }) => name.startsWith("open")).flatMap(pathsOf);
      const others = paths.filter((path) => !RUNTIME.test(path) && path !== executable("producer"));
      const allowed = ["HERE/ovs.conf", "HERE/cache", "HERE/cache/.TEMPORARY"]
        .concat("HERE/cache/pod-1-eth1_prod");
      assertEquals(
        others.map((path) => normal(host, path)).filter((p) => !allowed.includes(p)),
        [],
      );
    });
    await t.step("it does not even look into the temporary, home and working directories", () => {
      const looks = calls.filter(({ name }) => name !== "getcwd").flatMap(pathsOf);
      const { directory } = host.db;
      for (const name of ["tmp", "home", "work"]) {
        assertEquals(looks.filter((path) => path.startsWith(`${directory}/${name}/`)), []);
      }
    });
    await t.step("it connects to the database and to nothing else", () => {
      const targets = named("connect").flatMap(pathsOf).map((path) => normal(host, path));
      assertEquals(targets, ["HERE/db.sock"]);
      assert(named("socket").every(({ args }) => args.startsWith("AF_UNIX, SOCK_STREAM")));
      assertEquals([...named("bind"), ...named("listen"), ...named("accept4")], []);
    });
    await t.step("it starts threads, and no process", () => {
      const children = calls.filter(({ name }) => /^(?:clone3?|v?fork)$/.test(name));
      assertEquals(children.filter(({ args }) => !args.includes("CLONE_THREAD")), []);
      assertEquals(named("execve").flatMap(pathsOf).slice(0, 1), [executable("producer")]);
      assertEquals(named("execve").length, 1);
    });
  });
}
