import { assertEquals } from "@std/assert";
import { definition, lint, workload } from "../../../tests/support/cli/lint.ts";

function macvlan(name: string, namespace?: string): unknown {
  return definition({ name, namespace, plugins: [{ type: "macvlan" }] });
}

Deno.test("duplicate: the same object twice", () => {
  const hint = "rename one of them, or remove it";
  assertEquals(lint(macvlan("a", "x"), macvlan("a", "x"), macvlan("a", "y"), macvlan("b")), [
    '2.json:5 error duplicate: NetworkAttachmentDefinition "x/a" is there already, in 1.json:5; ' +
    hint,
  ]);
  const pods = [workload({ kind: "Pod", networks: "" }), workload({ networks: "" })];
  assertEquals(lint(...pods).filter((one) => one.includes("duplicate")), []);
  const twice = [
    workload({ namespace: "x", networks: "" }),
    workload({ namespace: "x", networks: "" }),
  ];
  assertEquals(lint(...twice), [
    `2.json:4 error duplicate: Deployment "x/app" is there already, in 1.json:4; ${hint}`,
  ]);
});
