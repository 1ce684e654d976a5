import { assertEquals } from "@std/assert";
import { consumes, definition, feeds, lint, network } from "../../../tests/support/cli/lint.ts";

Deno.test("two-bridges: a mirror's name is unique on a switch", () => {
  const other = { ...consumes("m"), bridge: "br2" };
  const objects = [
    network("p", feeds("m")),
    definition({ name: "c", plugins: [{ type: "ovs", bridge: "br2" }, other] }),
  ];
  assertEquals(lint(...objects), [
    '2.json:8 warning two-bridges: mirror "m" is on bridge "br2" here, and on "br1" in 1.json:8; ' +
    "a mirror's name is unique on a switch: choose another",
  ]);
});

Deno.test("two-bridges: a bridge that only ovs names is the mirror's too", () => {
  const objects = [
    network("p", { ...feeds("m"), bridge: "" }),
    network("c", consumes("m")),
  ];
  assertEquals(lint(...objects), []);
});
