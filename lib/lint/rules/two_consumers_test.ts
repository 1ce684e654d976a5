import { assertEquals } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  lint,
  network,
  OVS_BR1,
  workload,
} from "../../../tests/support/cli/lint.ts";

const feeding = network("p", feeds("m"));

function consuming(name: string, namespace?: string): unknown {
  return definition({ name, namespace, plugins: [OVS_BR1, consumes("m")] });
}

function findings(...objects: unknown[]): string[] {
  return lint(feeding, ...objects);
}

const RECREATE = { strategy: { type: "Recreate" } };
const ONE_PER_NODE =
  'a mirror has one output on a node: use one replica or a DaemonSet, or set "shared" to true';
const APART = 'a mirror has one output on a node: set "shared" of both to true, or use two mirrors';

Deno.test("two-consumers: one pod, or one on each node", () => {
  for (const kind of ["Pod", "DaemonSet", "Deployment", "Job", "CronJob"]) {
    assertEquals(findings(consuming("c"), workload({ kind, networks: "c", spec: RECREATE })), []);
  }
});

Deno.test("two-consumers: the pods before and after an update", () => {
  const update = 'an update of Deployment "app" makes a second pod that consumes mirror "m", ' +
    "before the first is gone; a mirror has one output on a node: " +
    'set strategy.type to Recreate, or "shared" to true';
  const rolling = (maxSurge: unknown) => ({ strategy: { rollingUpdate: { maxSurge } } });
  const specs: [spec: Record<string, unknown>, findings: string[]][] = [
    [{}, [update]],
    [{ replicas: 1 }, [update]],
    [rolling(1), [update]],
    [rolling("25%"), [update]],
    [rolling(0), []],
    [rolling("0%"), []],
    [RECREATE, []],
  ];
  for (const [spec, expected] of specs) {
    const found = findings(consuming("c"), workload({ networks: "c", spec }));
    assertEquals(
      found.map((finding) => finding.replace(/^\S+ /, "")),
      expected.map((finding) => `warning two-consumers: ${finding}`),
    );
  }
});

Deno.test("two-consumers: several pods of one workload", () => {
  const workloads: [kind: string, spec: Record<string, unknown>][] = [
    ["Deployment", { replicas: 3 }],
    ["StatefulSet", { replicas: 3 }],
    ["Job", { parallelism: 3 }],
    ["CronJob", { parallelism: 3 }],
  ];
  for (const [kind, spec] of workloads) {
    const [finding] = findings(consuming("c"), workload({ kind, spec, networks: "c" }));
    assertEquals(
      finding?.replace(/^\S+ /, ""),
      `warning two-consumers: 3 pods of ${kind} "app" consume mirror "m"; ${ONE_PER_NODE}`,
    );
  }
});

Deno.test("two-consumers: several producers are fine", () => {
  const producers = workload({ networks: "p", spec: { replicas: 3 } });
  assertEquals(findings(consuming("c"), producers), []);
});

Deno.test("two-consumers: two ports of one pod", () => {
  for (const networks of ["c,d", "c,c@eth2"]) {
    const [finding, ...others] = findings(consuming("c"), consuming("d"), workload({ networks }));
    assertEquals(others, []);
    assertEquals(
      finding?.replace(/^\S+ /, ""),
      'error two-consumers: a pod of Deployment "app" consumes mirror "m" twice; ' +
        "a mirror has one output: remove one of the networks",
    );
  }
});

Deno.test("two-consumers: two workloads", () => {
  const objects = [
    workload({ name: "a", networks: "c", spec: RECREATE }),
    workload({ name: "b", kind: "Pod", networks: "c" }),
  ];
  const [finding, ...others] = findings(consuming("c"), ...objects);
  assertEquals(others, []);
  assertEquals(
    finding,
    '4.json:6 warning two-consumers: Deployment "a" and Pod "b" both consume mirror "m"; ' + APART,
  );
});

Deno.test("two-consumers: workloads of two namespaces are not taken to share a node", () => {
  const objects = ["x", "y"].flatMap((namespace) => [
    consuming("c", namespace),
    workload({ namespace, networks: "c", spec: RECREATE }),
  ]);
  assertEquals(findings(...objects), []);
});

Deno.test("two-consumers: two networks that no pod here asks for", () => {
  assertEquals(findings(consuming("c"), consuming("d")), [
    '3.json:8 warning two-consumers: two networks consume mirror "m", the first in 2.json:8; ' +
    APART,
  ]);
  assertEquals(findings(consuming("c", "x"), consuming("d", "y")), []);
  assertEquals(
    findings(consuming("c"), consuming("d"), workload({ networks: "d", spec: RECREATE })),
    [],
  );
});

Deno.test("two-consumers: a chain that names the mirror twice has one port", () => {
  const plugins = [OVS_BR1, consumes("m", "m"), consumes("m")];
  assertEquals(
    findings(definition({ name: "c", plugins }), workload({ networks: "c", spec: RECREATE })),
    [],
  );
});

/** A network that shares the mirror. */
function sharing(name: string): unknown {
  const mirrors = [{ name: "m", shared: true }];
  return definition({ name, plugins: [OVS_BR1, { ...consumes("m"), mirrors }] });
}

Deno.test("two-consumers: those that share a mirror are right, in whatever number", () => {
  const both = [sharing("c"), sharing("d")];
  assertEquals(findings(...both), []);
  const pods = { spec: { replicas: 3 }, pod: { nodeName: "a" } };
  assertEquals(
    findings(
      ...both,
      workload({ networks: "c,d,c@x", ...pods }),
      workload({ name: "b", networks: "d" }),
    ),
    [],
  );
});

Deno.test("two-consumers: one that does not share is a rival of those that do", () => {
  const pods = [
    workload({ name: "a", kind: "Pod", networks: "c" }),
    workload({ name: "b", kind: "Pod", networks: "c" }),
    workload({ name: "x", kind: "Pod", networks: "d" }),
  ];
  assertEquals(findings(sharing("c"), consuming("d"), ...pods), [
    `6.json:6 warning two-consumers: Pod "a" and Pod "x" both consume mirror "m"; ${APART}`,
  ]);
  assertEquals(findings(sharing("c"), consuming("d")), [
    `3.json:8 warning two-consumers: two networks consume mirror "m", the first in 2.json:8; ${APART}`,
  ]);
});
