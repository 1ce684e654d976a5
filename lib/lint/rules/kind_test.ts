import { assertEquals } from "@std/assert";
import { lintText } from "../../../tests/support/cli/lint.ts";

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
