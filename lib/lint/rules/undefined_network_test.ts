import { assertEquals } from "@std/assert";
import { definition, lint, workload } from "../../../tests/support/cli/lint.ts";

function macvlan(name: string, namespace?: string): unknown {
  return definition({ name, namespace, plugins: [{ type: "macvlan" }] });
}

const REFERENCES: [networks: string, namespace: string | undefined, findings: string[]][] = [
  ["anywhere", undefined, []],
  ["anywhere", "x", []],
  ["z/anywhere@eth1", undefined, []],
  ["here", undefined, []],
  ["here", "x", []],
  ["x/here", "y", []],
  ["here", "y", [
    'warning undefined-network: network "y/here" is not defined here; ' +
    'a network of that name is defined in namespace "x"',
  ]],
  ["anywher", undefined, [
    'error undefined-network: network "anywher" is not defined here; did you mean "anywhere"?',
  ]],
  ["elsewhere, here", "x", [
    'warning undefined-network: network "x/elsewhere" is not defined here; ' +
    "define it, unless it is in the cluster already",
  ]],
];

for (const [networks, namespace, expected] of REFERENCES) {
  Deno.test(`undefined-network: ${networks} from namespace ${namespace}`, () => {
    const found = lint(
      macvlan("anywhere"),
      macvlan("here", "x"),
      workload({ networks, namespace }),
    );
    assertEquals(found.map((finding) => finding.replace(/^\S+ /, "")), expected);
  });
}
