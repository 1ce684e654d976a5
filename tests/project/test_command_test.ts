import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { sumUp } from "../../scripts/left_out.ts";
import { Demo } from "../support/project/demo.ts";
import { ROOT } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { SWITCH_PROGRAMS } from "../support/run/programs.ts";
import { run, type RunOptions, succeed } from "../support/run/process.ts";

/** Two files that need executables and databases, and little time. */
const TESTS = ["tests/cni/consumer_test.ts", "tests/cni/ports_test.ts"];

const BUILDING = "dist/ is missing or older than the sources, and is being built\n";

Deno.test("sumUp() says what was left out for which programs, and how to get them", () => {
  const output = [
    "tests left out, podman, ip missing: apt-get install podman iproute2",
    "tests left out, ip missing: apt-get install iproute2",
    "tests left out, helm missing: scripts/cluster-tools.sh",
    "a test ... ok",
    "tests left out, containerd needs root",
    "tests left out, containerd needs root",
  ].join("\n");
  assertEquals(
    sumUp(output, 12),
    "12 tests left out: podman, ip, helm missing; containerd needs root. " +
      "All programs: apt-get install podman iproute2 && scripts/cluster-tools.sh",
  );
  assertEquals(sumUp("", 1), "1 test left out");
  assertEquals(sumUp(output, 0), undefined);
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`make test leaves nothing behind when ${signal} comes`, async () => {
    const program = [join(ROOT, "scripts/test.ts"), "tests/cni/consumer_test.ts"];
    await using tests = await Demo.start({ program, env: { CI: "" } });
    await tests.hasWritten("... ok (");
    tests.interrupt(signal);
    const { code, output, left } = await tests.ended();
    assertEquals([code, left], [status, []], output);
  });
}

/** Runs `deno test` in a copy of the project, or what runs that. */
async function denoTest(directory: string, options: RunOptions & { through?: string[] } = {}) {
  const { through = [], env, ...rest } = options;
  const test = [Deno.execPath(), "test", "--allow-all", "--parallel", ...TESTS];
  const [program, ...args] = [...through, ...test];
  const variables = { NO_COLOR: "1", OVS_MIRROR_DIST: "", ...env };
  return await run(program!, { args, cwd: directory, env: variables, ...rest });
}

/** A copy of what the project is made of, as a clone has it. */
async function copy(): Promise<Files> {
  const files = await Files.make();
  const names = ["lib", "scripts", "tests", "docs", "examples", "deno.json", "deno.lock"];
  const paths = [...names, "producer.ts", "consumer.ts"].map((name) => join(ROOT, name));
  await succeed("cp", "-r", ...paths, files.directory);
  return files;
}

Deno.test({
  name: "the demo ends at once when it is interrupted while it builds",
  ignore: lacks(SWITCH_PROGRAMS),
  fn: async () => {
    await using files = await copy();
    const program = [files.path("scripts/demo.ts")];
    await using demo = await Demo.start({ program, env: { OVS_MIRROR_DIST: "" } });
    await demo.hasWritten("being built");
    demo.interrupt("SIGTERM", "alone");
    const { code, output, left } = await demo.ended();
    assertEquals([code, left], [143, []], output);
    assertStringIncludes(output, "Ended by SIGTERM");
    await assertRejects(() => Deno.stat(files.path("dist")), Deno.errors.NotFound);
  },
});

Deno.test("deno test builds what is missing or old, once for all files", async (t) => {
  await using files = await copy();
  await t.step("missing", async () => {
    const { code, stdout, stderr } = await denoTest(files.directory);
    assertEquals(code, 0, stdout + stderr);
    assertEquals(stderr.split(BUILDING).length, 2, stderr);
  });
  await t.step("there", async () => {
    const { code, stderr } = await denoTest(files.directory);
    assertEquals([code, stderr.includes(BUILDING)], [0, false], stderr);
  });
  await t.step("old, and not to be built", async () => {
    await Deno.utime(files.path("lib/main.ts"), new Date(), new Date());
    const { code, stdout, stderr } = await denoTest(files.directory, {
      env: { DENORT_BIN: files.path("deno.json") },
    });
    assertEquals([code === 0, stdout.includes("passed")], [false, false], stdout);
    assertMatch(stderr, new RegExp(`${BUILDING}\\S+/deno.json has SHA-256 .*\\n$`));
    assert(!stderr.includes(".ts:"), stderr);
  });
});

Deno.test({
  name: "deno test without ovsdb-server says in one line what to install",
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
  fn: async () => {
    await using hidden = await Files.make();
    const script = 'mount --bind "$0" /usr/sbin && exec "$@"';
    const root = Deno.uid() === 0 ? [] : ["--map-root-user"];
    const { code, stdout, stderr } = await denoTest(ROOT, {
      through: ["unshare", "--mount", ...root, "sh", "-c", script, hidden.directory],
      env: { PATH: "/usr/bin:/bin" },
    });
    assertEquals([code === 0, stdout], [false, ""]);
    assertStringIncludes(stderr, "ovsdb-server missing: apt-get install openvswitch-switch\n");
    assertEquals(stderr.split("missing").length, 2, stderr);
  },
});
