import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Demo } from "../support/project/demo.ts";
import { Files } from "../support/run/files.ts";
import { lacksSwitch } from "../support/run/lacks_switch.ts";
import { makeOvsExecutable } from "../support/ovs/ovs_executable.ts";
import { run } from "../support/run/process.ts";

const ignore = await lacksSwitch();

/** A directory with an `ovs` executable in it. */
async function ovsDirectory() {
  const files = await Files.make();
  return { files, ovs: await makeOvsExecutable(files.directory) };
}

Deno.test(
  { name: "a program in ovs's place opens its network namespace by /proc", ignore },
  async () => {
    const { files, ovs } = await ovsDirectory();
    await using _ = files;
    const stranger = ["--user", "--map-root-user", "--pid", "--fork", ovs];
    const { code, stdout } = await run("unshare", { args: stranger, stdin: "{}" });
    assertEquals(code, 1);
    assertStringIncludes(stdout, "failed to open current netns: failed to Statfs");
  },
);

Deno.test({ name: "the demo runs with OVS_CNI, or a program in ovs's place", ignore }, async () => {
  const { files, ovs: program } = await ovsDirectory();
  await using _ = files;
  const ovs = Deno.env.get("OVS_CNI") || program;
  await using demo = await Demo.start({ env: { OVS_CNI: ovs } });
  const { code, output, left } = await demo.ended();
  assertEquals([code, left], [0, []], output);
  assertStringIncludes(output, `ovs       ${ovs}`);
  assertEquals(output.match(/each output got the pings/g)?.length, 3, output);
});

Deno.test("what versions are pinned does not take the place of OVS_CNI", async () => {
  const script = ". ./versions.env; echo $OVS_CNI";
  const cwd = fromFileUrl(new URL("../../scripts", import.meta.url));
  const { stdout } = await run("sh", { args: ["-c", script], env: { OVS_CNI: "/a/path" }, cwd });
  assertEquals(stdout, "/a/path\n");
});
