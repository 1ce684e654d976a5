import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS, GLOBAL_OPTIONS } from "../../lib/cli/catalog.ts";
import { LOAD } from "../../lib/cli/commands.ts";
import { descriptionOf, termOf } from "../../lib/cli/help.ts";
import { consumer, producer } from "../../lib/mirror/role.ts";
import { manual } from "../../scripts/man.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";

for (const role of [producer, consumer]) {
  Deno.test({
    name: `${role.plugin}.1 is a page that the formatter takes, with all that help has`,
    ignore: lacks({ groff: "groff-base" }),
    async fn() {
      const args = ["-man", "-Tutf8", "-P-cbou", "-ww", "-k", "-rLL=1000n"];
      const page = await run("groff", { args, stdin: await manual(role) });
      const usual = await run("groff", { args: [...args, "-rLL=78n"], stdin: await manual(role) });
      assertEquals(usual.stdout.split("\n").filter((line) => line.length > 80), []);
      assertEquals([page.code, page.stderr], [0, ""]);
      const text = page.stdout.replace(/\s+/g, " ");
      assertStringIncludes(text, `NAME ${role.plugin} - makes a pod's port`);
      const options = Object.values(COMMANDS).flatMap(({ options }) => options);
      for (const option of [...options, ...GLOBAL_OPTIONS]) {
        assertStringIncludes(
          text,
          `${termOf(option)} ${descriptionOf(option)}`.replace(/\s+/g, " "),
        );
      }
      for (const [name, { examples }] of Object.entries(COMMANDS)) {
        assertStringIncludes(text, ` COMMAND ${name.toUpperCase()} `);
        for (const [line] of examples) assertStringIncludes(text, `${role.plugin} ${line}`);
      }
      for (const load of Object.values(LOAD)) {
        const { notes = "" } = await load();
        assertStringIncludes(text, notes.replace(/\s+/g, " ").trim());
      }
    },
  });
}

Deno.test("each page speaks of its own executable", async () => {
  assert(!(await manual(producer)).includes("ovs\\-mirror\\-consumer show"));
});
