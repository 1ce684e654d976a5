import { assertEquals } from "@std/assert";
import { consumes, feeds, lint, network, workload } from "../../../tests/support/cli/lint.ts";

const NETWORKS = [
  network("p", feeds("m")),
  network("c", consumes("m")),
];

interface Pods {
  kind?: string;
  pod?: Record<string, unknown>;
}

/** Findings about a workload that feeds a mirror, and one that consumes it. */
function findings(producer: Pods, consumer: Pods): string[] {
  return lint(
    ...NETWORKS,
    workload({ name: "web", networks: "p", ...producer }),
    workload({ name: "ids", networks: "c", ...consumer }),
  ).filter((one) => one.includes("warning node:"));
}

function follows(topologyKey: string): Record<string, unknown> {
  const requiredDuringSchedulingIgnoredDuringExecution = [{ topologyKey }];
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution } } };
}

const HOST = follows("kubernetes.io/hostname");
const SELECTED = { nodeSelector: { "kubernetes.io/hostname": "a" } };
const TERMS = { nodeSelectorTerms: [] };
const CHOSEN = {
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: TERMS } },
};

const TOGETHER: [producer: Pods, consumer: Pods][] = [
  [{}, { kind: "DaemonSet" }],
  [{ kind: "DaemonSet" }, {}],
  [{}, { pod: HOST }],
  [{ pod: HOST }, { kind: "Pod" }],
  [{ pod: SELECTED }, { pod: { nodeName: "a" } }],
  [{ pod: SELECTED, kind: "Pod" }, { pod: CHOSEN, kind: "CronJob" }],
];

for (const [producer, consumer] of TOGETHER) {
  Deno.test(`node: ${JSON.stringify([producer, consumer])} meet`, () => {
    assertEquals(findings(producer, consumer), []);
  });
}

const APART: [producer: Pods, consumer: Pods][] = [
  [{}, {}],
  [{ pod: SELECTED }, {}],
  [{}, { pod: CHOSEN }],
  [{}, { pod: follows("topology.kubernetes.io/zone") }],
  [{ kind: "StatefulSet" }, { kind: "Pod" }],
];

for (const [producer, consumer] of APART) {
  Deno.test(`node: ${JSON.stringify([producer, consumer])} may miss each other`, () => {
    const [first, second] = [producer, consumer].map(({ kind }) => kind ?? "Deployment");
    const line = second === "Pod" ? 6 : 10;
    assertEquals(findings(producer, consumer), [
      `4.json:${line} warning node: nothing puts ${second} "ids" on the node of ${first} "web", ` +
      'which feeds mirror "m"; a mirror is on one node: use a DaemonSet or podAffinity by ' +
      "kubernetes.io/hostname",
    ]);
  });
}

Deno.test("node: a pod that feeds and consumes is on one node", () => {
  const found = lint(...NETWORKS, workload({ networks: "p,c" }));
  assertEquals(found.filter((one) => one.includes("warning node:")), []);
});

Deno.test("node: workloads of two namespaces are not taken to belong together", () => {
  const found = lint(
    ...NETWORKS,
    workload({ name: "web", networks: "p", namespace: "x" }),
    workload({ name: "ids", networks: "c", namespace: "y" }),
  );
  assertEquals(found.filter((one) => one.includes("warning node:")), []);
});
