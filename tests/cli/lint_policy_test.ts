import { assertEquals, assertStringIncludes } from "@std/assert";
import { command } from "../support/run/command.ts";
import { Files } from "../support/run/files.ts";

const NETWORKS = new URL("../../examples/ids.yaml", import.meta.url).pathname;

Deno.test("lint --policy tells what a policy refuses, and whether it is one", async () => {
  await using files = await Files.make({
    "open.json": "{}",
    "closed.json": JSON.stringify({ consumers: [] }),
    "none.json": JSON.stringify({ consumers: [{ namespace: [] }] }),
    "broken.json": "{",
  });
  const lint = (name: string, ...more: string[]) =>
    command(["lint", "--policy", files.path(name), ...more]);
  assertEquals((await lint("open.json", NETWORKS)).code, 0);
  const closed = await lint("closed.json", NETWORKS);
  assertEquals(closed.code, 1);
  assertStringIncludes(
    closed.stdout,
    'the policy does not allow this: no rule of "consumers"',
  );
  assertEquals((await lint("closed.json")).code, 0);
  const unusable: Record<string, string> = {
    "none.json": '"consumers[0]" has an unknown member, is "namespaces" meant?',
    "broken.json": "broken.json is not valid JSON",
    "missing.json": "there is no policy",
    "": "is not a regular file",
  };
  for (const [name, words] of Object.entries(unusable)) {
    for (const more of [[], [NETWORKS]]) {
      const { code, stdout, stderr } = await lint(name, ...more);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, words);
    }
  }
});
