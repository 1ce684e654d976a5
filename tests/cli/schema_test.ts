import { assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/2020";
import { command } from "../support/run/command.ts";
import { read } from "../support/project/documents.ts";

for (const role of ["producer", "consumer", "policy"] as const) {
  Deno.test(`docs/schema/${role}.json is what schema ${role} prints`, async () => {
    const published = new URL(`../../docs/schema/${role}.json`, import.meta.url);
    assertEquals(await command(["schema", role]), {
      code: 0,
      stdout: await Deno.readTextFile(published),
      stderr: "",
    });
  });
}

Deno.test("the schema of lists that the documents show picks the plugin's own", () => {
  const [, list] = /```json\n([^`]+)```/.exec(read("docs/schema/README.md"))!;
  const schemas = ["producer", "consumer"].map((role) =>
    JSON.parse(read(`docs/schema/${role}.json`))
  );
  const validate = new Ajv2020({ schemas }).compile(JSON.parse(list!));
  const judge = (...plugins: unknown[]) => validate({ name: "n", plugins });
  const ovs = { type: "ovs", bridge: 5 };
  const mirror = { name: "m", ingress: true };
  assertEquals(judge(ovs, { type: "ovs-mirror-producer", mirrors: [mirror] }), true);
  assertEquals(judge(ovs, { type: "ovs-mirror-consumer", mirrors: [{ name: "m" }] }), true);
  assertEquals(judge(ovs, { type: "ovs-mirror-producer", mirrors: [{ name: "m" }] }), false);
  assertEquals(judge(ovs, { type: "ovs-mirror-consumer", mirrors: [] }), false);
});
