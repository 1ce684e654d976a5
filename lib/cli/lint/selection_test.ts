import { assertEquals } from "@std/assert";
import { readSelection } from "./selection.ts";
import { member } from "./tree.ts";
import { readYaml } from "./yaml/documents.ts";

/** Reads the annotation of a YAML text that has nothing else. */
function select(yaml: string): unknown[] {
  const annotation = member(readYaml(yaml)[0]!.tree, "networks")!;
  const { attachments, findings } = readSelection("a.yaml", annotation);
  return [
    ...attachments.map(({ line, namespace, name }) => [line, namespace, name]),
    ...findings.map(({ line, rule, message }) => `${line} ${rule}: ${message}`),
  ];
}

const CASES: [yaml: string, result: unknown[]][] = [
  ["networks: a\n", [[1, undefined, "a"]]],
  ["networks: x/a@eth1, b,y/c\n", [[1, "x", "a"], [1, undefined, "b"], [1, "y", "c"]]],
  ["networks: >-\n  x/a,\n  b@eth1\n", [[2, "x", "a"], [3, undefined, "b"]]],
  ["networks: ''\n", []],
  ["networks: a,,@eth1,x/y/z\n", [
    [1, undefined, "a"],
    '1 annotation: "" names no network',
    '1 annotation: "@eth1" names no network',
    '1 annotation: "x/y/z" names no network',
  ]],
  [
    'networks: |-\n  [\n    { "mac": "",\n      "name": "a", "namespace": "x" },\n    { "name": "b" } ]\n',
    [
      [4, "x", "a"],
      [5, undefined, "b"],
    ],
  ],
  [`networks: '[{ "name": "a" }]'\n`, [[1, undefined, "a"]]],
  ["networks: '[]'\n", []],
  [`networks: |-\n  [ { "name": "a" },\n    {}, 1 ]\n`, [
    [2, undefined, "a"],
    "3 annotation: a network of the annotation has no name",
    "3 annotation: a network of the annotation has no name",
  ]],
  ['networks: |-\n  [\n    { "name": "a" }\n    { "name": "b" }\n  ]\n', [
    '3 json: there is "{" where "," or "]" is expected',
  ]],
  ['networks: |-\n  { "name": "a" }\n', ["2 annotation: the annotation is not a list"]],
  ["networks:\n  - a\n", ["1 annotation: the annotation is not a text"]],
  ["networks: 1\n", ["1 annotation: the annotation is not a text"]],
];

for (const [yaml, result] of CASES) {
  Deno.test(`readSelection() reads ${JSON.stringify(yaml)}`, () =>
    assertEquals(select(yaml), result));
}
