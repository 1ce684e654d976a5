import { assertEquals } from "@std/assert";
import { definition, feeds, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

Deno.test("type: a misspelt plugin of ours is found, others are not ours", () => {
  const plugins = [OVS_BR1, { ...feeds("m"), type: "ovs-mirror-producr" }];
  assertEquals(lint(definition({ plugins })), [
    '1.json:8 error type: no plugin is called "ovs-mirror-producr"; ' +
    'did you mean "ovs-mirror-producer"?',
  ]);
  assertEquals(lint(definition({ plugins: [OVS_BR1, { type: "ovs-mirrors" }] })), []);
});
