import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { ROOT } from "../support/project/documents.ts";
import { EXECUTABLES, Node } from "../support/deploy/installer.ts";
import { lacks } from "../support/run/lacks.ts";
import { executable } from "../support/cni/plugin.ts";
import { run, succeed, until } from "../support/run/process.ts";

const INSTALLED = { "ovs-mirror-consumer": "new", "ovs-mirror-producer": "new" };
const OLD = { "ovs-mirror-consumer": "old", "ovs-mirror-producer": "old" };

/** Exit status of what may pass by itself (`EX_TEMPFAIL` of sysexits.h). */
const TRY_AGAIN = 75;

/** Offset of the architecture in an ELF file. */
const ELF_MACHINE = 18;
/** An architecture that has no Linux any more (`EM_M32`). */
const OTHER_MACHINE = 1;

function plantOld(node: Node): void {
  for (const name of EXECUTABLES) node.plant(name, "old");
}

Deno.test("install.sh installs into an empty directory and reports the versions", async () => {
  using node = new Node();
  const { code, stdout, stderr } = await node.install("install");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.match(/^installed ovs-mirror-\w+ \d+\.\d+\.\d+$/gm)?.length, 2);
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh replaces an older version, and then has nothing to do", async () => {
  using node = new Node();
  plantOld(node);
  assertEquals((await node.install("install")).code, 0);
  assertEquals(node.state(), INSTALLED);
  assertEquals((await node.install("install")).stdout, "");
});

Deno.test("install.sh leaves other plugins alone", async () => {
  using node = new Node();
  node.plant("ovs", "other");
  node.plant(".ovs-mirror-producer", "other");
  await node.install("install");
  assertEquals(node.state(), { ".ovs-mirror-producer": "other", "ovs": "other", ...INSTALLED });
});

Deno.test("install.sh installs with no capability and no way to gain one", async () => {
  using node = new Node();
  const least = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"];
  const { code, stderr } = await node.install("install", {}, Deno.uid() === 0 ? least : []);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh replaces a symbolic link, not what it leads to", async () => {
  using node = new Node();
  const elsewhere = join(node.source, "elsewhere");
  Deno.writeTextFileSync(elsewhere, "precious");
  Deno.symlinkSync(elsewhere, join(node.target, "ovs-mirror-producer"));
  Deno.symlinkSync(node.source, join(node.target, "ovs-mirror-consumer"));
  assertEquals((await node.install("install")).code, 0);
  const kept = {
    ".ovs-mirror-consumer.other": `-> ${node.source}`,
    ".ovs-mirror-producer.other": `-> ${elsewhere}`,
  };
  assertEquals(node.state(), { ...INSTALLED, ...kept });
  assertEquals(Deno.readTextFileSync(elsewhere), "precious");
});

Deno.test("install.sh refuses a directory in an executable's place", async () => {
  using node = new Node();
  Deno.mkdirSync(join(node.target, "ovs-mirror-producer"));
  const { code, stderr } = await node.install("install");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "cannot replace");
  assertEquals(Array.from(Deno.readDirSync(join(node.target, "ovs-mirror-producer"))), []);
});

Deno.test("install.sh keeps both old files if one new one does not run", async (t) => {
  const good = Deno.readFileSync(executable("consumer"));
  const foreign = good.slice();
  foreign[ELF_MACHINE] = OTHER_MACHINE;
  const broken: Record<string, Uint8Array> = {
    "of another architecture": foreign,
    "cut short": good.slice(0, 1_000_000),
    "empty": new Uint8Array(),
    "no plugin": new TextEncoder().encode("#!/bin/sh\necho hello\n"),
  };
  for (const [what, content] of Object.entries(broken)) {
    await t.step(what, async () => {
      using node = new Node();
      plantOld(node);
      node.substitute("ovs-mirror-consumer", content);
      const { code, stderr } = await node.install("install");
      assertEquals(code, 1);
      assertStringIncludes(stderr, "error: ovs-mirror-consumer does not run on this node");
      assertEquals(node.state(), OLD);
    });
  }
});

Deno.test("install.sh refuses a node where calls would not always start", async () => {
  using node = new Node();
  plantOld(node);
  const { code, stderr } = await node.install("install", {}, ["prlimit", `--as=${40 * 2 ** 30}`]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "the container runtime has a limit of 41943040 kB of addresses");
  assertEquals(node.state(), OLD);
});

Deno.test("install.sh refuses a node without glibc", async () => {
  using node = new Node();
  plantOld(node);
  const { code, stderr } = await node.install("install", { HOST_USR: node.source });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "no glibc under");
  assertEquals(node.state(), OLD);
});

Deno.test("install.sh refuses a node whose libraries do not suffice", async () => {
  using node = new Node();
  plantOld(node);
  const directory = join(node.source, "lib", `${Deno.build.arch}-linux-gnu`);
  await Deno.mkdir(directory, { recursive: true });
  const [loader] = (await succeed("ldd", executable("producer"))).match(/\S*\/ld-linux\S*/)!;
  await Deno.copyFile(loader, join(directory, loader.split("/").at(-1)!));
  const { code, stderr } = await node.install("install", { HOST_USR: node.source });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "this node lacks libraries");
  assertStringIncludes(stderr, "libc.so.6");
  assertEquals(node.state(), OLD);
});

Deno.test("install.sh installs without a look at the C library if told so", async () => {
  using node = new Node();
  assertEquals((await node.install("install", { HOST_USR: "" })).code, 0);
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh says what to do about a directory that is not there", async () => {
  using node = new Node();
  const { code, stderr } = await node.install("install", { TARGET_DIR: `${node.target}/none` });
  assertEquals(code, TRY_AGAIN);
  assertStringIncludes(stderr, "mount the node's CNI directory there");
});

Deno.test({
  name: "install.sh says what to do about a directory that is read only",
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
  async fn() {
    using node = new Node();
    plantOld(node);
    const script = 'mount --bind "$TARGET_DIR" "$TARGET_DIR" && ' +
      'mount -o remount,bind,ro "$TARGET_DIR" && exec "$@"';
    const namespace = Deno.uid() === 0 ? "-m" : "-Urm";
    const readOnly = ["unshare", namespace, "sh", "-c", script, "sh"];
    const { code, stderr } = await node.install("install", {}, readOnly);
    assertEquals(code, TRY_AGAIN);
    assertStringIncludes(stderr, "mount the node's CNI directory there, writable by root");
    assertEquals(node.state(), OLD);
  },
});

Deno.test("install.sh says that a disk is full, and keeps the old files", async () => {
  using node = new Node();
  plantOld(node);
  // A limit on the size of files has the effect of a disk that fills up while copying.
  const small = ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$@"', "sh"];
  const { code, stderr } = await node.install("install", {}, small);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "is the disk full?");
  assertEquals(node.state(), OLD);
});

Deno.test("install.sh killed while it copies leaves nothing under a final name", async () => {
  using node = new Node();
  plantOld(node);
  const watcher = Deno.watchFs(node.target);
  const installer = node.start("install");
  // The first thing that appears is the copy under way.
  for await (const { kind } of watcher) if (kind === "create") break;
  installer.kill("SIGKILL", true);
  await installer.ended();
  const { "ovs-mirror-producer": producer, "ovs-mirror-consumer": consumer } = node.state();
  assertEquals([producer, consumer], ["old", "old"]);
  assertEquals((await node.install("install")).code, 0);
  assertEquals(node.state(), INSTALLED, "what the killed run left is gone");
});

Deno.test("install.sh watch repairs the node's files until it is told to end", async (t) => {
  using node = new Node();
  const watch = node.start("watch");
  await until("the first installation", () => node.isInstalled());
  const path = join(node.target, "ovs-mirror-producer");
  const damage: Record<string, () => void> = {
    "removed": () => Deno.removeSync(path),
    "replaced": () => {
      node.plant("temporary", "other");
      Deno.renameSync(join(node.target, "temporary"), path);
    },
    "written into": () => Deno.truncateSync(path, 1000),
    "not executable": () => Deno.chmodSync(path, 0o644),
    "emptied, with the image's date": () => cut(node, path, 0),
    "cut, with the image's date": () => cut(node, path, 1000),
  };
  for (const [what, harm] of Object.entries(damage)) {
    await t.step(what, async () => {
      harm();
      await until("the repair", () => node.isInstalled());
    });
  }
  watch.kill("SIGTERM");
  assertEquals(await watch.ended(), 0);
  assertEquals(node.state(), INSTALLED);
});

/** Leaves the first bytes of an installed file, and its date. */
function cut(node: Node, path: string, length: number): void {
  Deno.truncateSync(path, length);
  new Deno.Command("touch", { args: ["-r", join(node.source, basename(path)), path] }).outputSync();
}

Deno.test("install.sh check fails for a file that has the image's date alone", async () => {
  for (const length of [0, 1000]) {
    using node = new Node();
    await node.install("install");
    assertEquals((await node.install("check")).code, 0);
    cut(node, join(node.target, "ovs-mirror-consumer"), length);
    assertEquals((await node.install("check")).code, 1);
    assertEquals((await node.install("install")).code, 0);
    assert(node.isInstalled());
  }
});

Deno.test("install.sh says in plain words what it found in an executable's place", async () => {
  using node = new Node();
  node.plant("ovs-mirror-producer", "none");
  Deno.chmodSync(join(node.target, "ovs-mirror-producer"), 0o644);
  Deno.symlinkSync("/nowhere", join(node.target, "ovs-mirror-consumer"));
  const { stdout, stderr } = await node.install("install");
  assertEquals(stderr, "");
  const found = stdout.split("\n").filter((line) => line.includes("on this node was"));
  assertEquals(found.sort(), [
    "ovs-mirror-consumer on this node was somebody else's (a symbolic link), " +
    "kept as .ovs-mirror-consumer.other",
    "ovs-mirror-producer on this node was nothing that runs (status 126: Permission denied)",
  ]);
  const uninstall = await node.install("uninstall");
  assertEquals(uninstall.stderr, "");
  assertStringIncludes(
    uninstall.stdout,
    "gave back ovs-mirror-consumer of before (a symbolic link)",
  );
});

Deno.test("install.sh uninstall removes what it installed and nothing else", async () => {
  using node = new Node();
  await node.install("install");
  node.plant("ovs", "other");
  node.plant("ovs-mirror-consumer", "another implementation");
  const { code, stdout } = await node.install("uninstall");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "removed ovs-mirror-producer");
  assertStringIncludes(stdout, "left alone");
  assertEquals(node.state(), { "ovs": "other", "ovs-mirror-consumer": "another implementation" });
});

Deno.test("install.sh names its modes", async () => {
  using node = new Node();
  const { code, stderr } = await node.install("instal");
  assertEquals([code, stderr], [1, "error: usage: install.sh install|watch|check|uninstall\n"]);
});

Deno.test({
  name: "every shell script passes shellcheck",
  ignore: lacks({ shellcheck: "shellcheck", git: "git" }),
  async fn() {
    const files = (await succeed("git", "-C", ROOT, "ls-files", "*.sh", "deploy/kubectl-*", ".ci"))
      .trim().split("\n").map((path) => ROOT + path);
    assert(files.length > 8);
    const { stdout } = await run("shellcheck", { args: ["-x", ...files], cwd: ROOT });
    assertEquals(stdout, "");
  },
});
