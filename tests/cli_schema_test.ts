import { assertEquals } from "@std/assert";
import { command } from "./support/command.ts";

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`docs/schema/${role}.json is what schema ${role} prints`, async () => {
    const published = new URL(`../docs/schema/${role}.json`, import.meta.url);
    assertEquals(await command(["schema", role]), {
      code: 0,
      stdout: await Deno.readTextFile(published),
      stderr: "",
    });
  });
}
