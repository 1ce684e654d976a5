import { assertEquals } from "@std/assert";
import { readAnnotation } from "./annotation.ts";
import { member } from "./tree.ts";
import { readYaml } from "./yaml/documents.ts";

/** Reads the annotation of a YAML text that has nothing else. */
function select(yaml: string): unknown[] {
  const annotation = member([...readYaml(yaml)][0]!.tree, "networks")!;
  const { selections, findings } = readAnnotation("a.yaml", annotation);
  return [
    ...selections.map(({ line, namespace, name }) => [line, namespace, name]),
    ...findings.map(({ line, rule, message }) => `${line} ${rule}: ${message}`),
  ];
}

const CASES: [yaml: string, result: unknown[]][] = [
  ["networks: a\n", [[1, undefined, "a"]]],
  ["networks: x/a@eth1, b,y/c\n", [[1, "x", "a"], [1, undefined, "b"], [1, "y", "c"]]],
  ["networks: >-\n  x/a,\n  b@eth1\n", [[2, "x", "a"], [3, undefined, "b"]]],
  ["networks: ''\n", []],
  ["networks: ' '\n", ['1 annotation: "" names no network']],
  ["networks: a.b, A, a@thisnameisfartoolong,a/B@x, é,a@b c,a@x/y\n", [
    ...['"a.b"', '"A"'].map((name) => `1 annotation: the short form takes no name ${name}`),
    '1 annotation: no interface can be called "thisnameisfartoolong"',
    ...['"B"', '"é"'].map((name) => `1 annotation: the short form takes no name ${name}`),
    '1 annotation: no interface can be called "b c"',
    '1 annotation: the short form takes no name "a@x"',
  ]],
  ["networks: 'a @ eth1 , x / b'\n", [[1, undefined, "a"], [1, "x", "b"]]],
  ["networks: a@net2,b\n", [
    [1, undefined, "a"],
    [1, undefined, "b"],
    '1 annotation: the pod has an interface "net2" already',
  ]],
  ["networks: a@eth0,b@x,c@x\n", [
    ...["a", "b", "c"].map((name) => [1, undefined, name]),
    '1 annotation: the pod has an interface "eth0" already',
    '1 annotation: the pod has an interface "x" already',
  ]],
  [`networks: '"a"'\n`, ["1 annotation: the annotation is not a list"]],
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
  ["networks:\n  - a\n", ["1 annotation: the annotation must be a string"]],
  ["networks: 1\n", ["1 annotation: the annotation must be a string"]],
];

/** Members beside `"name": "a"`, and the one that Multus refuses, if it does. */
const MEMBERS: [member: string, refused?: string][] = [
  ['"Name": "a"'],
  ['"NAMESPACE": null, "mac": "", "interface": null, "ips": null'],
  ['"ips": ["10.0.0.1/24", "10.0.0.1", "::1", "fe80::/64", "::ffff:1.2.3.4"]'],
  ['"ips": "10.0.0.1/24"', "ips"],
  ['"ips": ["10.0.0"]', "ips[0]"],
  ['"ips": ["10.0.0.1", "10.0.0.1/33"]', "ips[1]"],
  ['"ips": [1]', "ips[0]"],
  ['"mac": "zz"', "mac"],
  ['"mac": "02:00:5e:10:00:00:00:01"'],
  ['"mac": "02-00-5E-10-00-01"'],
  ['"mac": "0200.5e10.0001"'],
  ['"mac": "02:00:5e:10:00"', "mac"],
  ['"mac": "02:00-5e:10:00:01"', "mac"],
  ['"mac": "2:0:5e:10:0:1"', "mac"],
  ['"mac": "0200.5e10.01"', "mac"],
  ['"mac": "0200:5e10:0001"', "mac"],
  ['"mac": "02:00:5e:10:00:0g"', "mac"],
  ['"infiniband-guid": "02:00:5e:10:00:01"'],
  ['"infiniband-guid": 2', "infiniband-guid"],
  ['"interface": 5', "interface"],
  ['"interface": "fifteen-bytes-é"', "interface"],
  ['"interface": "fifteen-bytes.x"'],
  ['"interface": ".."', "interface"],
  ['"namespace": ["x"]', "namespace"],
  ['"name": ""', "name"],
  ['"name": 1', "name"],
  ['"default-route": ["10.0.0.1"]'],
  ['"default-route": ["10.0.0.1/24"]', "default-route[0]"],
  ['"default-route": "10.0.0.1"', "default-route"],
  ['"portMappings": [{ "hostPort": 80, "containerPort": 8080 }]'],
  ['"portMappings": [{ "hostPort": "80", "containerPort": 8080 }]', "portMappings[0].hostPort"],
  ['"bandwidth": { "ingressRate": 1.5 }', "bandwidth.ingressRate"],
  ['"cni-args": { "x": [1] }'],
  ['"cni-args": []', "cni-args"],
];

for (const [member, refused] of MEMBERS) {
  Deno.test(`readAnnotation() ${refused ? "refuses" : "takes"} ${member}`, () => {
    const yaml = `networks: |\n  [{ "name": "a",\n    ${member} }]\n`;
    const found = select(yaml).filter((one) => typeof one === "string");
    const expected = `3 annotation: "${refused}" of the annotation is not valid`;
    assertEquals(found, refused ? [expected] : []);
  });
}

Deno.test("readAnnotation() tells where the namespace of the JSON form stands", () => {
  const annotation = member(
    [...readYaml(`networks: '[{ "name": "ns/a" }]'`)][0]!.tree,
    "networks",
  )!;
  const { selections, findings: [finding] } = readAnnotation("a.yaml", annotation);
  assertEquals(selections, []);
  assertEquals(finding!.message, 'in JSON, "ns/a" is not the name of a network');
  assertEquals(finding!.hint, 'write "namespace": "ns", "name": "a"');
});

for (const [yaml, result] of CASES) {
  Deno.test(`readAnnotation() reads ${JSON.stringify(yaml)}`, () =>
    assertEquals(select(yaml), result));
}
