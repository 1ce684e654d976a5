import { assertEquals } from "@std/assert";
import { check } from "../check.ts";
import { readDocuments } from "../document.ts";
import { definition, lint, workload } from "../../../tests/support/cli/lint.ts";

function macvlan(name: string, namespace?: string): unknown {
  return definition({ name, namespace, plugins: [{ type: "macvlan" }] });
}

Deno.test("duplicate: the same object twice", () => {
  const hint = "rename one of them, or remove it";
  assertEquals(lint(macvlan("a", "x"), macvlan("a", "x"), macvlan("a", "y"), macvlan("b")), [
    '2.json:5 warning duplicate: NetworkAttachmentDefinition "x/a" is there already, in 1.json:5; ' +
    hint,
  ]);
  const pods = [workload({ kind: "Pod", networks: "" }), workload({ networks: "" })];
  assertEquals(lint(...pods).filter((one) => one.includes("duplicate")), []);
  const twice = [
    workload({ namespace: "x", networks: "" }),
    workload({ namespace: "x", networks: "" }),
  ];
  assertEquals(lint(...twice), [
    `2.json:4 warning duplicate: Deployment "x/app" is there already, in 1.json:4; ${hint}`,
  ]);
});

Deno.test("duplicate: an error in one file, and none in two directories", () => {
  const pod = workload({ kind: "Pod", networks: "" });
  const found = (...files: string[]) =>
    check(files.flatMap((file) => [...readDocuments(file, JSON.stringify(pod))])).findings
      .map(({ level }) => level);
  assertEquals(lint({ kind: "List", items: [pod, pod] }).map((one) => one.slice(0, 26)), [
    "1.json:16 error duplicate:",
  ]);
  assertEquals(found("a/1.json", "a/2.json"), ["warning"]);
  assertEquals(found("base/1.json", "overlay/1.json"), []);
});
