import { assertEquals } from "@std/assert";
import { consumes, lint, network } from "../../../tests/support/cli/lint.ts";

Deno.test("no-producer: a consumer of all ports needs none", () => {
  const all = (value: unknown) => [{ name: "m", all: value }];
  const found = (value: unknown) => lint(network("c", { ...consumes("m"), mirrors: all(value) }));
  assertEquals(found(true), []);
  assertEquals(found(false).length, 1);
  const beside = { ...consumes("m"), mirrors: [{ name: "m", shared: true }] };
  const sharing = { ...consumes("m"), mirrors: [{ name: "m", shared: true, all: true }] };
  assertEquals(lint(network("c", sharing), network("d", beside)), [
    '2.json:8 error no-producer: nobody here feeds mirror "m"; ' +
    'set "all" here too, as the other consumer has it, or use another mirror',
  ]);
});
