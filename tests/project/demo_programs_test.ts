import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Demo, ROOT, UNPRIVILEGED } from "../support/project/demo.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { succeed } from "../support/run/process.ts";
import { SWITCH_PROGRAMS } from "../support/run/programs.ts";

const ignore = await lacksSwitch();

/** A directory with all programs that the demo needs but `ping`, to be its `PATH`. */
async function programsWithoutPing(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "ovs-mirror-path-" });
  for (const name of ["sh", ...Object.keys(SWITCH_PROGRAMS)]) {
    if (name === "ping") continue;
    const found = await succeed("sh", "-c", 'command -v "$1"', "sh", name);
    await Deno.symlink(found.trim(), join(path, name));
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A stand-in for `apt-get`. */
async function writeAptGet(path: string, script: string): Promise<void> {
  await Deno.writeTextFile(join(path, "apt-get"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

Deno.test({ name: "the demo names a missing program and how to install it", ignore }, async () => {
  await using programs = await programsWithoutPing();
  await writeAptGet(programs.path, "echo apt-get was called; exit 1");
  await using demo = await Demo.start({ through: UNPRIVILEGED, env: { PATH: programs.path } });
  const { code, output, left } = await demo.ended();
  assertEquals([code, left], [1, []], output);
  assertStringIncludes(output, "ping missing. Install with: apt-get install iputils-ping\n");
  assert(!output.includes("apt-get was called"), output);
});

Deno.test({ name: "the demo installs a missing program as root", ignore }, async () => {
  await using programs = await programsWithoutPing();
  const ping = (await succeed("sh", "-c", "command -v ping")).trim();
  const install = `[ "$*" = "install -qq -y --no-install-recommends iputils-ping" ]`;
  const link = `/bin/ln -s ${ping} ${programs.path}/ping`;
  const said =
    'echo "Setting up libcap2:amd64 (1:2.75) ..."; echo "Setting up iputils-ping (3) ..."';
  await writeAptGet(programs.path, `${install} && { ${link}; ${said}; }; exit 0`);
  await using demo = await Demo.start({ through: ROOT, env: { PATH: programs.path } });
  await demo.hasWritten("traffic  ");
  demo.interrupt("SIGTERM");
  const { code, output, left } = await demo.ended();
  assertEquals([code, left], [143, []], output);
  assertStringIncludes(output, "missing   ping: apt-get install iputils-ping\n");
  assertStringIncludes(output, "installed libcap2:amd64 iputils-ping\n");
});

Deno.test({ name: "the demo says why a program could not be installed", ignore }, async () => {
  await using programs = await programsWithoutPing();
  await writeAptGet(programs.path, "echo E: no network >&2; exit 100");
  await using demo = await Demo.start({ through: ROOT, env: { PATH: programs.path } });
  const { code, output, left } = await demo.ended();
  assertEquals([code, left], [1, []], output);
  assertStringIncludes(output, "apt-get update failed:\nE: no network\n");
});

Deno.test(
  { name: "the demo uses the real ovs plugin if it is told where that is", ignore },
  async () => {
    await using programs = await programsWithoutPing();
    const plugin = join(programs.path, "ovs");
    const error = '{"cniVersion": "0.4.0", "code": 100, "msg": "real plugin here"}';
    await Deno.writeTextFile(plugin, `#!/bin/sh\necho '${error}'; exit 1\n`, { mode: 0o755 });
    await using demo = await Demo.start({ env: { OVS_CNI: plugin } });
    const { code, output, left } = await demo.ended();
    assertEquals([code, left], [1, []], output);
    assertStringIncludes(output, "ovs failed at ADD: real plugin here\n");
  },
);
