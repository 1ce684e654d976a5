import { assertEquals } from "@std/assert";
import { SOURCES, TEXTS } from "../support/cli/texts.ts";

for (const [name, make] of Object.entries(SOURCES)) {
  Deno.test(`${name} is what the program has; "make texts" writes it anew`, async () => {
    assertEquals(await make(), await Deno.readTextFile(new URL(name, TEXTS)));
  });
}

Deno.test("help fits a terminal of 80 columns", async () => {
  const lines = (await Deno.readTextFile(new URL("help.txt", TEXTS))).split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
});
