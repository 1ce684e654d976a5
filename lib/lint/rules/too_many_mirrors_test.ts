import { assertEquals } from "@std/assert";
import { feeds, lint, network } from "../../../tests/support/cli/lint.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

/** Findings about more mirrors than a bridge carries. */
function surplus(...objects: unknown[]): string[] {
  return lint(...objects).filter((finding) => finding.includes("too-many-mirrors"));
}

Deno.test("too-many-mirrors: the 33rd", () => {
  assertEquals(surplus(network("p", feeds(...names(32)))), []);
  assertEquals(surplus(network("p", feeds(...names(33)))), [
    '1.json:8 error too-many-mirrors: 33 mirrors are on bridge "br1"; ' +
    "the switch carries 32 per bridge: spread them over bridges or nodes",
  ]);
});

Deno.test("too-many-mirrors: those of several networks may be on several nodes", () => {
  const [finding] = surplus(
    network("p", feeds(...names(20))),
    network("q", feeds("a", ...names(32))),
  );
  assertEquals(finding?.startsWith("2.json:8 warning too-many-mirrors: 33 mirrors"), true);
});
