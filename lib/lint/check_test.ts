import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { text } from "../../tests/model/json.ts";
import { testProperties } from "../../tests/model/property.ts";
import { check } from "./check.ts";
import { readDocuments } from "./document.ts";
import {
  consumes,
  definition,
  feeds,
  lint,
  lintText,
  network,
  OVS_BR1,
  workload,
} from "../../tests/support/cli/lint.ts";

Deno.test("check() counts what it looked at", () => {
  const { files, networks, workloads, findings } = check([
    ...readDocuments("a.yaml", "# nothing\n---\nkind: Namespace\n---\n- 1\n"),
    ...readDocuments("b.conflist", '{ "cniVersion": "1.0.0", "name": "b", "plugins": [] }'),
    ...readDocuments("c.conf", '{ "name": "c", "type": "ovs" }'),
    ...readDocuments("d.json", JSON.stringify(workload({ networks: "[]" }))),
  ]);
  assertEquals({ files, networks, workloads, findings }, {
    files: 4,
    networks: 2,
    workloads: 1,
    findings: [],
  });
});

Deno.test("check() looks into lists", () => {
  const items = [
    network("p", feeds("m")),
    { kind: "PodList", items: [workload({ kind: "Pod", networks: "p,c" })] },
  ];
  const [finding, ...others] = lint(
    { kind: "List", items },
    network("d", consumes("m")),
  );
  assertEquals(others, []);
  assertEquals(finding?.includes('network "c" is not defined here'), true);
});

Deno.test("check() looks into lists whose items leave out their kind, and into templates", () => {
  const { kind: _, ...pod } = workload({ kind: "Pod", networks: "a" }) as Record<string, unknown>;
  const inTemplate = { kind: "PodTemplate", template: pod };
  const objects = [{ kind: "PodList", items: [pod] }, { kind: "Template", objects: [inTemplate] }];
  for (const object of [...objects, inTemplate]) {
    const { workloads, findings } = check(readDocuments("a.json", JSON.stringify(object)));
    assertEquals([workloads, findings.map(({ rule }) => rule)], [1, ["undefined-network"]]);
  }
});

Deno.test("check() sorts by file and line, whichever rule it was", () => {
  const first = definition({
    name: "z",
    plugins: [feeds("m"), OVS_BR1],
    config: { cniVersion: "9" },
  });
  const objects = [
    // Its lines come after those of the second file.
    { kind: "List", items: [first] },
    network("a", { ...feeds("n"), type: "ovs-mirror-produce" }),
  ];
  assertEquals(lint(...objects).map((finding) => finding.split(":")[0]), [
    "1.json",
    "1.json",
    "1.json",
    "2.json",
  ]);
});

Deno.test("check() leaves out what a comment in the same document switches off", () => {
  const plugin = '{ "type": "ovs-mirror-consumer", "bridge": "br1", "mirrors": [{ "name": "m" }] }';
  const document = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: NAME }
spec:
  config: |
    { "cniVersion": "1.0.0", "plugins": [{ "type": "ovs", "bridge": "br1" },
    ${plugin.replace('"m"', '"NAME"')}] }
`;
  const text = `${document.replaceAll("NAME", "a")}---
# lint: ignore no-producer, duplicate
${document.replaceAll("NAME", "b")}`;
  const [finding, ...others] = lintText(text);
  assertEquals(others, []);
  assertEquals(finding?.startsWith("a.yaml:7 warning no-producer:"), true);
});

Deno.test("check() lets a comment switch off what is found in its document's first line", () => {
  const broken = "{ kind: Network, apiVersion: k8s.cni.cncf.io/v1 }";
  const line = (comment: string) => lintText(`a: 1\n--- ${broken} ${comment}\n---\nb: 1\n`);
  assertEquals(line("").map((finding) => finding.split(":")[1]), ["2 error kind"]);
  assertEquals(line("\n# lint: ignore kind"), []);
  assertEquals(lintText(`# lint: ignore kind\n--- ${broken}\n`).length, 1);
});

Deno.test("check() survives objects of any shape", () => {
  const shapes = [null, 1, "x", [], {}, [{}], { a: null }];
  const kinds = ["NetworkAttachmentDefinition", "Deployment", "CronJob", "Pod", "List", 1, ""];
  for (const kind of kinds) {
    for (const shape of shapes) {
      for (const key of ["metadata", "spec", "items", "apiVersion"]) lint({ kind, [key]: shape });
      for (const key of ["config", "template", "jobTemplate", "replicas"]) {
        lint({ kind, spec: { [key]: shape }, metadata: { annotations: shape } });
      }
      lint(workload({ networks: JSON.stringify([shape]) }));
      lint(definition({ plugins: [shape, { ...feeds("m"), bridge: shape, mirrors: [shape] }] }));
      lint({ plugins: shape, type: shape });
    }
  }
});

const ORIGINAL = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: a, namespace: x }
spec:
  config: |-
    { "cniVersion": "1.0.0", "plugins": [
      { "type": "ovs", "bridge": "br1" },
      { "type": "ovs-mirror-producer", "bridge": "br1",
        "mirrors": [{ "name": "m", "ingress": true }] } ] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: b, namespace: x }
spec:
  replicas: 2
  template:
    metadata:
      annotations:
        k8s.v1.cni.cncf.io/networks: |-
          [{ "name": "a", "interface": "eth1" }, { "name": "c", "namespace": "y" }]
`;

const edit = fc.record({
  at: fc.nat(ORIGINAL.length),
  removed: fc.nat(12),
  inserted: fc.oneof(
    text,
    fc.constantFrom(
      "\n",
      "  ",
      "\t",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ":",
      "---\n",
      "|",
      "&a ",
      "*a",
      "<<: ",
    ),
  ),
});

testProperties([{
  name: "check() copes with files that were damaged",
  property: fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
    const damaged = edits.reduce(
      (text, { at, removed, inserted }) => text.slice(0, at) + inserted + text.slice(at + removed),
      ORIGINAL,
    );
    const { findings } = check(readDocuments("a.yaml", damaged));
    const lines = damaged.split(/\r\n?|\n/).length;
    for (const { line } of findings) assert(line >= 1 && line <= lines, `line ${line}`);
  }),
}]);

const ASKING = (networks: string) =>
  `kind: Pod\nmetadata:\n  annotations:\n    k8s.v1.cni.cncf.io/networks: '${networks}'\n`;

/** Files of a directory, which nobody named, and the rules by which something is wrong with them. */
const FOUND_IN_DIRECTORY: [text: string, ...rules: string[]][] = [
  ["a: ["],
  ["a: [ # ovs-mirror-producer", "yaml"],
  ["a: [ # k8s.v1.cni.cncf.io", "yaml"],
  ["kind: NetworkAttachmentDefinition\na: [", "yaml"],
  ['a: [{ "type" : "ovs" }', "yaml"],
  ["a: [ # ovs-mirror-producer {{ x }}"],
  [ASKING("A"), "annotation"],
  [`# {{ x }}\n${ASKING("A")}`, "annotation"],
  [ASKING("[{"), "json"],
  [`# {{ x }}\n${ASKING("[{")}`],
];

for (const [text, ...rules] of FOUND_IN_DIRECTORY) {
  Deno.test(`check() finds ${rules.join() || "nothing"} in a directory's ${JSON.stringify(text)}`, () => {
    const { findings } = check(readDocuments("a.yaml", text, false));
    assertEquals(findings.map(({ rule }) => rule), rules);
  });
}
