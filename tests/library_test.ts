import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "./support/documents.ts";
import { checkExamples, examplesIn, permissionsOf, runExample } from "./support/examples.ts";
import { Ovsdb } from "./support/ovsdb.ts";
import { until } from "./support/process.ts";

/** What the modules that the library consists of tell by examples. */
const DOCUMENTED = ["client", "guarded", "monitor"].map((name) => `lib/ovsdb/${name}.ts`);

for (const path of DOCUMENTED) {
  const examples = examplesIn(path);
  assert(examples.length > 0, `${path} has no example`);
  for (const example of examples) {
    Deno.test(`${example.name} It works with its permissions`, async () => {
      await using db = await Ovsdb.start();
      await db.addBridges("br1");
      const { code, stdout, stderr } = await runExample(example, db.socket);
      assertEquals([code, stderr], [0, ""]);
      const changed = await db.rows("Bridge", ["other_config"]);
      if (path.includes("guarded")) {
        assertEquals(changed, [{ other_config: ["map", [["mac-table-size", "16384"]]] }]);
      } else assertEquals(stdout, '[ "br1" ]\n');
    });
  }
}

Deno.test("the examples of the documentation type check", async () => {
  const { code, stderr } = await checkExamples(DOCUMENTED.flatMap(examplesIn));
  assertEquals([code, stderr], [0, ""]);
});

/** A program of `examples/library/`, started with the permissions that it says it needs. */
function start(name: string, ...args: string[]): Deno.ChildProcess {
  const path = join(ROOT, "examples/library", name);
  const permissions = permissionsOf(Deno.readTextFileSync(path));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissions, path, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
}

Deno.test("examples/library/bridges.ts lists bridges and their ports", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1", "br2");
  await db.addPorts("br1", "veth2", "veth1");
  const { code, stdout } = await start("bridges.ts", db.socket).output();
  const lines = new TextDecoder().decode(stdout).split("\n").sort();
  assertEquals([code, lines], [0, ["", "br1: veth1, veth2", "br2: "]]);
});

Deno.test("examples/library/monitor.ts follows ports until it is interrupted", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  await db.addPorts("br1", "veth1");
  const program = start("monitor.ts", db.socket);
  let output = "";
  const reading = program.stdout.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (chunk) => void (output += chunk) }));
  await until("veth1 to be told", () => output.includes("+ veth1\n"), 60);
  await db.addPorts("br1", "veth2");
  await until("veth2 to be told", () => output.includes("+ veth2\n"));
  await db.removePort("br1", "veth1");
  await until("veth1 to be gone", () => output.includes("- veth1\n"));
  program.kill("SIGINT");
  const { code } = await program.status;
  await reading;
  assertEquals([code, output], [0, "+ veth1\n+ veth2\n- veth1\n"]);
});
