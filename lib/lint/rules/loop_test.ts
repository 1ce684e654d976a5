import { assertEquals } from "@std/assert";
import { consumes, feeds, findings, network } from "../../../tests/support/cli/lint.ts";

Deno.test("loop: a port that is source and output of one mirror", () => {
  assertEquals(findings(network("net", feeds("m", "n"), consumes("o", "m"))), [
    'error loop: the port would be both source and output of mirror "m"; ' +
    "feed and consume a mirror in two networks",
  ]);
});
