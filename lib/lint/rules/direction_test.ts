import { assertEquals } from "@std/assert";
import { consumes, feeds, lint, network } from "../../../tests/support/cli/lint.ts";

Deno.test("direction: a consumer does not choose one", () => {
  const mirrors = [{ name: "m", ingress: true }];
  const objects = [
    network("p", feeds("m")),
    network("c", { ...consumes("m"), mirrors }),
  ];
  assertEquals(lint(...objects), [
    '2.json:8 warning direction: "ingress" means nothing to a consumer; ' +
    "set it where the mirror is fed",
  ]);
});
