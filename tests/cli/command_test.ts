import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";
import { executable } from "../support/cni/plugin.ts";
import { run } from "../support/run/process.ts";

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`a person who calls the ${role} without anything gets a text, but no success`, async () => {
    const { code, stdout, stderr } = await command([], { role });
    assertEquals([code, stderr], [2, ""]);
    assertMatch(stdout, new RegExp(`^ovs-mirror-${role} .*\n\nThis is a CNI plugin`));
    assertStringIncludes(stdout, "show the switch's mirrors");
    assertEquals((await command(["--help"], { role })).stdout, stdout);
  });

  Deno.test(`the ${role} knows its version`, async () => {
    const file = new URL("../../deno.json", import.meta.url);
    const { version } = JSON.parse(await Deno.readTextFile(file));
    assertEquals(await command(["--version"], { role }), {
      code: 0,
      stdout: `ovs-mirror-${role} ${version}\n`,
      stderr: "",
    });
  });
}

Deno.test("a misspelt command is answered by the one that was meant", async () => {
  assertEquals(await command(["shwo"]), {
    code: 2,
    stdout: "",
    stderr: 'ovs-mirror-producer: there is no command "shwo"; did you mean show?\n',
  });
});

Deno.test("a closed pipe ends a command quietly", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  const names = Array.from({ length: 2000 }, (_, index) => `veth${index}`);
  await db.addPorts("br1", ...names);
  const ports = await db.rows("Port", ["_uuid"]);
  const sources = ports.map(({ _uuid }) => _uuid as ["uuid", string]);
  await db.addMirror("br1", { name: "m1", select_src_port: ["set", sources] });
  // The output is longer than a pipe holds, so that the program meets its end.
  const script = '{ "$0" show --format json --socket "$1"; echo "status $?" >&2; } | head -n 1';
  const args = ["-c", script, executable("producer"), db.socket];
  assertEquals(await run("sh", { args }), { code: 0, stdout: "{\n", stderr: "status 0\n" });
});

Deno.test("a full disk is an error of one line", async () => {
  const { code, stderr } = await run("sh", {
    args: ["-c", '"$0" --help >/dev/full', executable("producer")],
  });
  assertEquals(code, 3);
  assertMatch(stderr, /^ovs-mirror-producer: cannot write: No space left on device .*\n$/);
});
