import { assertEquals } from "@std/assert";
import { lintText } from "../../tests/support/cli/lint.ts";

const HEAD = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: a
spec:
`;

const CONFIGS: [config: string, findings: string[]][] = [
  ["  {}", []],
  ["  config: 1", [
    '6 error value: spec.config must be a string; write "config: |-" and the JSON below, indented',
  ]],
  ["  config:\n    plugins: []", [
    '6 error value: spec.config must be a string; write "config: |-" and the JSON below, indented',
  ]],
  ["  config: '[]'", [
    '6 error value: the configuration is not an object; write { "cniVersion": …, "plugins": […] }',
  ]],
  ['  config: |\n    { "plugins":\n      {} }', [
    '8 error value: plugin without a type; "plugins" is a list of { "type": …, … }',
  ]],
  ['  config: |\n    { "plugins": [\n      { "type": "ovs" },\n      "ovs",\n      {} ] }', [
    '9 error value: plugin without a type; "plugins" is a list of { "type": …, … }',
    '10 error value: plugin without a type; "plugins" is a list of { "type": …, … }',
  ]],
  ['  config: |\n    { "plugins": [\n      {},\n    ] }', [
    '8 error json: there is a comma before "]"; remove the comma',
  ]],
  ["  config: >-\n    { \"plugins\":\n    [{ 'type': 1 }] }", [
    '8 error json: there is "\'" where a name in double quotes is expected; ' +
    "JSON takes double quotes only",
  ]],
  ['  config: "{ \\"plugins\\": [\n    }"', [
    '7 error json: there is "}" where a JSON value is expected; ' +
    "is a comma, a quote or a bracket missing?",
  ]],
  ["  config: ''", []],
  ["  config: ' '", [
    "6 error json: the JSON ends too early; are all braces, brackets and quotes closed?",
  ]],
  ['  config: "\\uFEFF{}"', [
    '6 error json: there is "\ufeff" where a JSON value is expected; remove the byte order mark',
  ]],
];

for (const [config, findings] of CONFIGS) {
  Deno.test(`a definition with ${JSON.stringify(config)}`, () => {
    assertEquals(lintText(`${HEAD}${config}\n`), findings.map((finding) => `a.yaml:${finding}`));
  });
}
