import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { consumer, producer } from "../../lib/mirror/role.ts";
import { manual } from "../../scripts/man.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";

for (const role of [producer, consumer]) {
  Deno.test({
    name: `${role.plugin}.1 is a page that the formatter takes, as wide as a terminal`,
    ignore: lacks({ groff: "groff-base" }),
    async fn() {
      const args = ["-man", "-Tutf8", "-P-cbou", "-ww", "-k", "-rLL=78n"];
      const { code, stdout, stderr } = await run("groff", { args, stdin: await manual(role) });
      assertEquals([code, stderr], [0, ""]);
      assertEquals(stdout.split("\n").filter((line) => line.length > 80), []);
      assertStringIncludes(stdout.replace(/\s+/g, " "), `NAME ${role.plugin} - makes a pod's port`);
    },
  });
}

Deno.test("each page speaks of its own executable", async () => {
  assert(!(await manual(consumer)).includes("ovs\\-mirror\\-producer show"));
});
