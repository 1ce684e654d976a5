import { assertEquals } from "@std/assert";
import { consumes, feeds, lint, network, workload } from "../../tests/support/cli/lint.ts";

const NETWORKS = [network("p", feeds("m")), network("c", consumes("m"))];
const ASKING = { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "c" } } };

/** A virtual machine of KubeVirt with networks. */
function machine(name: string, networks: string[], spec: Record<string, unknown> = {}): unknown {
  const own = networks.map((networkName) => ({ name: "x", multus: { networkName } }));
  const template = { spec: { domain: {}, networks: [{ name: "y", pod: {} }, ...own], ...spec } };
  return { kind: "VirtualMachine", metadata: { name }, spec: { running: true, template } };
}

/** What is found besides the networks, without hints. */
function found(...objects: unknown[]): string[] {
  return lint(...NETWORKS, ...objects).map((finding) => finding.split(";")[0]!);
}

Deno.test("readWorkloads() knows the networks of virtual machines", () => {
  assertEquals(found(machine("a", ["p", "p"], { nodeSelector: { zone: "a" } })), []);
  assertEquals(found(machine("a", ["p", "x/q"])), [
    '3.json:25 warning undefined-network: network "x/q" is not defined here',
  ]);
  assertEquals(found(machine("a", ["c"]), machine("b", ["c"])), [
    '4.json:19 warning two-consumers: VirtualMachine "a" and VirtualMachine "b" both consume ' +
    'mirror "m"',
  ]);
  assertEquals(found(machine("a", ["p"]), machine("b", ["c"])), [
    '4.json:19 warning node: nothing puts VirtualMachine "b" on the node of VirtualMachine "a", ' +
    'which feeds mirror "m"',
  ]);
  assertEquals(found(machine("a", ["a b"])), [
    '3.json:19 error annotation: the short form takes no name "a b"',
  ]);
  const instance = { kind: "VirtualMachineInstance", spec: { networks: [{ multus: {} }] } };
  assertEquals(found(instance), []);
});

const TEMPLATES: [kind: string, spec: unknown, pods: number][] = [
  ["JobSet", {
    replicatedJobs: [{ replicas: 2, template: { spec: { parallelism: 3, template: ASKING } } }],
  }, 6],
  ["Kafka", { kafka: { replicas: 3, template: { pod: ASKING } } }, 3],
  ["Rollout", { template: ASKING }, 1],
  [
    "VirtualMachinePool",
    { replicas: 2, virtualMachineTemplate: { spec: { template: ASKING } } },
    2,
  ],
];

for (const [kind, spec, pods] of TEMPLATES) {
  Deno.test(`readWorkloads() finds the templates of a ${kind}, and counts its pods`, () => {
    const title = `${kind} "a"`;
    assertEquals(
      found({ kind, metadata: { name: "a" }, spec }).map((one) => one.replace(/^\S+ /, "")),
      pods > 1 ? [`warning two-consumers: ${pods} pods of ${title} consume mirror "m"`] : [],
    );
  });
}

Deno.test("readWorkloads() takes several templates of an object for one object", () => {
  const spec = { leader: ASKING, worker: { metadata: ASKING.metadata, spec: {} } };
  assertEquals(found({ kind: "Gang", metadata: { name: "a" }, spec }).map((one) => one.slice(7)), [
    '17 warning two-consumers: Gang "a" and Gang "a" both consume mirror "m"',
  ]);
});

Deno.test("readWorkloads() knows the default network, whatever its namespace", () => {
  const pod = (value: string, namespace?: string) => {
    const annotations = { "v1.multus-cni.io/default-network": value };
    return { kind: "Pod", metadata: { name: "a", namespace, annotations } };
  };
  assertEquals(found(pod("c@eth0", "x")), []);
  assertEquals(found(pod('[{ "name": "c", "interface": "eth0" }]')), []);
  assertEquals(found(pod("d")), [
    '3.json:6 warning undefined-network: network "d" is not defined here',
  ]);
  assertEquals(found(pod("c,p")), ["3.json:6 error annotation: a pod has one default network"]);
  assertEquals(found(pod("c"), workload({ kind: "Pod", name: "b", networks: "c" })), [
    '4.json:6 warning two-consumers: Pod "a" and Pod "b" both consume mirror "m"',
  ]);
});
