import { assertEquals } from "@std/assert";
import { consumes, definition, feeds, lint, OVS_BR1 } from "../../../tests/support/cli/lint.ts";

const GRAMMAR = 'set "name" to a letter or digit, then letters, digits, "_", "." and "-"';

Deno.test("name: a configuration file needs one, a definition gives its own", () => {
  const plugins = [OVS_BR1, feeds("m"), consumes("n")];
  const named = (findings: string[]) => findings.filter((one) => one.includes(" name:"));
  assertEquals(named(lint({ cniVersion: "1.0.0", plugins })), [
    `1.json:1 error name: the network has no valid name; ${GRAMMAR}`,
  ]);
  assertEquals(named(lint({ cniVersion: "1.0.0", name: "net", plugins })), []);
  assertEquals(named(lint(definition({ plugins }))), []);
  assertEquals(named(lint(definition({ plugins, config: { name: "" } }))), []);
  assertEquals(named(lint(definition({ plugins, config: { name: "a/b" } }))), [
    `1.json:8 error name: the network has no valid name; ${GRAMMAR}`,
  ]);
  assertEquals(named(lint(definition({ plugins, name: "" }))), [
    "1.json:5 error name: the definition has no name; set metadata.name",
  ]);
});
