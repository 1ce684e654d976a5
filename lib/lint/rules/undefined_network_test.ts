import { assertEquals } from "@std/assert";
import { definition, lint, lintText, workload } from "../../../tests/support/cli/lint.ts";

function network(name: string, namespace?: string): unknown {
  return definition({ name, namespace, plugins: [{ type: "macvlan" }] });
}

const KINDS: [apiVersion: string | undefined, kind: string, findings: string[]][] = [
  ["k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", []],
  ["apps/v1", "Deployment", []],
  [undefined, "Namespace", []],
  ["k8s.cni.cncf.io/v1", "NetworkAttachmentDefinitionList", []],
  [
    "k8s.cni.cncf.io/v1",
    "NetworkAttachmentDefinitions",
    ['2 error kind: there is no kind "NetworkAttachmentDefinitions"; write NetworkAttachmentDefinition'],
  ],
  [
    "v1",
    "NetworkAttachementDefinition",
    ['2 error kind: there is no kind "NetworkAttachementDefinition"; write NetworkAttachmentDefinition'],
  ],
  ["k8s.cni.cncf.io/v1", "Network", [
    '2 error kind: there is no kind "Network"; write NetworkAttachmentDefinition',
  ]],
  ["k8s.cni.cncf.io/v1beta1", "NetworkAttachmentDefinition", [
    "1 error kind: a NetworkAttachmentDefinition has another apiVersion; " +
    'write "apiVersion: k8s.cni.cncf.io/v1"',
  ]],
  [undefined, "NetworkAttachmentDefinition", [
    "2 error kind: a NetworkAttachmentDefinition has another apiVersion; " +
    'write "apiVersion: k8s.cni.cncf.io/v1"',
  ]],
];

for (const [apiVersion, kind, expected] of KINDS) {
  Deno.test(`kind: ${apiVersion} ${kind}`, () => {
    const version = apiVersion ? `apiVersion: ${apiVersion}` : "# none";
    const items = kind.endsWith("List") ? "items: []\n" : "";
    assertEquals(
      lintText(`${version}\nkind: ${kind}\nmetadata: { name: a }\n${items}`),
      expected.map((finding) => `a.yaml:${finding}`),
    );
  });
}

Deno.test("duplicate: the same object twice", () => {
  const hint = "rename one of them, or remove it";
  assertEquals(lint(network("a", "x"), network("a", "x"), network("a", "y"), network("b")), [
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

Deno.test("placement: at the workload instead of its pods", () => {
  const annotations = { "k8s.v1.cni.cncf.io/networks": "a" };
  const misplaced = (kind: string) => ({ kind, metadata: { annotations }, spec: {} });
  assertEquals(
    lint(misplaced("Deployment"), misplaced("CronJob"), { ...misplaced("Pod") }, network("a")),
    [
      "1.json:5 warning placement: the annotation is at the Deployment, where nobody looks for it; " +
      "pods get what stands at spec.template.metadata.annotations",
      "2.json:5 warning placement: the annotation is at the CronJob, where nobody looks for it; " +
      "pods get what stands at spec.jobTemplate.spec.template.metadata.annotations",
    ],
  );
});

Deno.test("placement: what others do with an annotation of theirs is theirs to say", () => {
  const annotations = { "k8s.v1.cni.cncf.io/networks": "a" };
  assertEquals(lint({ kind: "VpcNatGateway", metadata: { annotations }, spec: {} }), []);
});

Deno.test("text: names, labels and annotations", () => {
  const text = `kind: Deployment
metadata:
  name: on
  namespace: 'on'
  labels: { a: 1.0, b: "1.0", c: }
spec:
  template:
    metadata:
      annotations:
        x: true
        k8s.v1.cni.cncf.io/networks: 1
---
kind: Pod
metadata:
  name: 0x10
  namespace: 7
---
metadata:
  name: on
`;
  assertEquals(lintText(text), [
    'a.yaml:3 error text: metadata.name must be a string; write "on", in quotes',
    'a.yaml:5 error text: metadata.labels.a must be a string; write "1.0", in quotes',
    'a.yaml:10 error text: spec.template.metadata.annotations.x must be a string; write "true", in quotes',
    "a.yaml:11 error annotation: the annotation is not a text; " +
    'write "k8s.v1.cni.cncf.io/networks: |-" and the JSON below, indented',
    'a.yaml:15 error text: metadata.name must be a string; write "0x10", in quotes',
    'a.yaml:16 error text: metadata.namespace must be a string; write "7", in quotes',
  ]);
});

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
      network("anywhere"),
      network("here", "x"),
      workload({ networks, namespace }),
    );
    assertEquals(found.map((finding) => finding.replace(/^\S+ /, "")), expected);
  });
}
