import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Node } from "../support/deploy/installer.ts";
import { lacks } from "../support/run/lacks.ts";
import { until } from "../support/run/process.ts";

const INSTALLED = { "ovs-mirror-consumer": "new", "ovs-mirror-producer": "new" };

/** Exit status of what may pass by itself (`EX_TEMPFAIL` of sysexits.h). */
const TRY_AGAIN = 75;

const lacksMounts = lacks({ unshare: "util-linux", mount: "mount" });

/** Runs the installer with the node's directory mounted as a script says. */
function mounted(script: string): string[] {
  return ["unshare", Deno.uid() === 0 ? "-m" : "-Urm", "sh", "-c", `${script} && exec "$@"`, "sh"];
}

/** Removes a directory, unless something appears in it meanwhile. */
function remove(directory: string): boolean {
  try {
    Deno.removeSync(directory, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

Deno.test("install.sh says what is wrong with a CNI directory that is a file", async () => {
  using node = new Node();
  Deno.removeSync(node.target);
  Deno.writeTextFileSync(node.target, "");
  const { code, stderr } = await node.install("install");
  assertEquals(code, TRY_AGAIN);
  assertStringIncludes(
    stderr,
    `error: no directory ${node.target}: mount the node's CNI directory`,
  );
  for (const place of ["k3s: /var/lib/rancher/k3s/data/cni", "OpenShift: /var/lib/cni/bin"]) {
    assertStringIncludes(stderr, place);
  }
});

Deno.test("install.sh installs through a symbolic link to the CNI directory", async () => {
  using node = new Node();
  Deno.renameSync(node.target, `${node.target}-1`);
  Deno.symlinkSync(`${node.target}-1`, node.target);
  assertEquals((await node.install("install")).code, 0);
  assert(Deno.lstatSync(node.target).isSymlink);
  assertEquals(node.state(), INSTALLED);
});

Deno.test({
  name: "install.sh tells a directory that is mounted noexec from another architecture",
  ignore: lacksMounts,
  async fn() {
    using node = new Node();
    const noexec = mounted(
      'mount --bind "$TARGET_DIR" "$TARGET_DIR" && ' +
        'mount -o remount,bind,noexec "$TARGET_DIR"',
    );
    const { code, stderr } = await node.install("install", {}, noexec);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "is that mounted noexec?");
    assertEquals(node.state(), {});
  },
});

Deno.test({
  name: "install.sh finds out that a disk has no room before it copies",
  ignore: lacksMounts,
  async fn() {
    using node = new Node();
    const full = mounted('mount -t tmpfs -o size=1M tmpfs "$TARGET_DIR"');
    const { code, stdout, stderr } = await node.install("install", {}, full);
    assertEquals([code, stdout], [TRY_AGAIN, ""]);
    assertStringIncludes(stderr, `error: no room for ovs-mirror-producer in ${node.target}`);
  },
});

Deno.test("install.sh watch waits for a directory that vanishes and comes back", async () => {
  using node = new Node();
  const watch = node.start("watch");
  await until("the first installation", () => node.isInstalled());
  await until("the removal, between two repairs", () => remove(node.target));
  await until("the complaint", () => watch.log.includes("error: no directory "));
  Deno.mkdirSync(node.target);
  await until("the repair", () => node.isInstalled());
  watch.kill("SIGTERM");
  assertEquals(await watch.ended(), 0);
  assertEquals(watch.log.match(/error: no directory /g)?.length, 1, "it is said once");
});

Deno.test({
  name: "install.sh watch ends when its mount leads to a directory that was removed",
  ignore: lacksMounts,
  async fn() {
    using node = new Node();
    const seen = `${node.source}/mount`;
    Deno.mkdirSync(seen);
    const through = mounted(`mount --bind "$TARGET_DIR" "${seen}" && export TARGET_DIR="${seen}"`);
    const watch = node.start("watch", through);
    await until("the first installation", () => node.isInstalled());
    await until("the removal, between two repairs", () => remove(node.target));
    assertEquals(await watch.ended(), 1);
    assertStringIncludes(watch.log, `and ${seen} leads to the removed one`);
    Deno.mkdirSync(node.target);
  },
});

Deno.test("several install.sh at once: one works, the others wait, none fails", async () => {
  using node = new Node();
  const runs = await Promise.all(Array.from({ length: 4 }, () => node.install("install")));
  assertEquals(runs.map(({ code, stderr }) => [code, stderr]), runs.map(() => [0, ""]));
  const installed = runs.flatMap(({ stdout }) => stdout.match(/^installed /gm) ?? []);
  assertEquals(installed.length, 2);
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh waits for what a killed one has left at work", async () => {
  using node = new Node();
  const holder = new Deno.Command("flock", { args: [node.target, "cat"], stdin: "piped" }).spawn();
  const installer = node.start("install");
  await until("it waits", () => installer.log.includes("another installer is at work"));
  assertEquals(node.state(), {});
  await holder.stdin.close();
  assertEquals(await installer.ended(), 0, installer.log);
  assertEquals((await holder.status).code, 0);
  assertEquals(node.state(), INSTALLED);
});

Deno.test("install.sh check tells whether the node has what it shall have", async () => {
  using node = new Node();
  const check = async () => (await node.install("check")).code;
  assertEquals(await check(), 1);
  await node.install("install");
  assertEquals(await check(), 0);
  const path = join(node.target, "ovs-mirror-consumer");
  Deno.chmodSync(path, 0o644);
  assertEquals(await check(), 1);
  node.plant("ovs-mirror-consumer", "others");
  assertEquals(await check(), 1);
});
