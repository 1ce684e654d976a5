import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { OPTIONS as LINT_OPTIONS } from "../../lib/cli/lint/options.ts";
import { OPTIONS as SHOW_OPTIONS } from "../../lib/cli/show/options.ts";
import { Host } from "../support/cni/host.ts";
import { Cluster } from "../support/deploy/kubectl.ts";

/** A node with a mirror from one pod to another. */
async function mirroring(name: string): Promise<Host> {
  const host = await Host.start();
  await (await host.addPod()).producer({ mirrors: [{ name, ingress: true }] }).add();
  await (await host.addPod()).consumer({ mirrors: [{ name }] }).add();
  return host;
}

Deno.test("kubectl ovs-mirror show joins the nodes' tables", async () => {
  await using first = await mirroring("m1");
  await using second = await mirroring("a-much-longer-name");
  await using third = await Host.start();
  await using cluster = await Cluster.make([
    { node: "worker-1", socket: first.db.socket },
    { node: "worker-22", socket: second.db.socket },
    { node: "worker-3", socket: third.db.socket },
  ]);
  const { code, stdout, stderr } = await cluster.run(["show"]);
  assertEquals([code, stderr], [0, ""]);
  const [header, ...lines] = stdout.trimEnd().split("\n");
  assertMatch(header!, /^NODE {7}MIRROR {14}BRIDGE {2}OWNER {2}PACKETS /);
  assertMatch(lines[0]!, /^worker-1 {3}m1 {18}br1 {5}ours /);
  assertMatch(lines[1]!, /^worker-22 {2}a-much-longer-name {2}br1 {5}ours /);
  assertMatch(lines[2]!, /^worker-3 {3}no mirrors \(.*not known whether the switch runs\)$/);
  assertEquals(lines.length, 3);
  const verdict = header!.indexOf("VERDICT");
  for (const line of lines.slice(0, 2)) {
    assertEquals(line.slice(verdict).startsWith("waiting for the switch"), true, line);
  }
});

Deno.test("kubectl ovs-mirror show has a line for each node that does not answer", async () => {
  await using host = await mirroring("m1");
  await using cluster = await Cluster.make([
    { node: "worker-1", socket: host.db.socket },
    { node: "worker-2", socket: "/nowhere/db.sock" },
    { node: "worker-3", answer: 'echo "error: dial \\"tcp\\"" >&2; exit 1' },
    { node: "worker-4", phase: "Pending" },
    { node: "worker-5", containers: "watch" },
    { node: "", phase: "Pending" },
    { node: "worker-7", answer: "sleep 60" },
    { node: "worker-8", answer: "exit 137" },
  ]);
  const patience = { OVS_MIRROR_PATIENCE: "5" };
  const { code, stdout } = await cluster.run(["show"], patience);
  assertEquals(code, 3);
  const failures = stdout.split("\n").filter((line) => line.includes("does not answer: "));
  assertEquals(failures.map((line) => line.split(/ {2,}/)[0]), [
    ...["pod-5", "worker-2", "worker-3", "worker-4", "worker-5", "worker-7", "worker-8"],
  ]);
  for (
    const reason of [
      "/nowhere/db.sock",
      'worker-3  does not answer: error: dial "tcp"',
      "does not answer: pod pod-3 is Pending",
      "does not answer: pod pod-4 has not the component metrics",
      "does not answer: nothing within 5 s",
      "does not answer: status 137",
    ]
  ) assertStringIncludes(stdout, reason);
  assertMatch(stdout, /^worker-1 +m1 /m);

  const json = await cluster.run(["show", "--json"], patience);
  assertEquals(json.code, 3);
  const { nodes } = JSON.parse(json.stdout) as {
    nodes: { node: string; error?: string; show?: { mirrors: { name: string }[] } }[];
  };
  assertEquals(nodes.length, 8);
  const [answered] = nodes.filter(({ show }) => show);
  assertEquals([answered!.node, answered!.show!.mirrors[0]!.name], ["worker-1", "m1"]);
  const [refused] = nodes.filter(({ node }) => node === "worker-3");
  assertEquals(refused!.error, 'error: dial "tcp"');
});

Deno.test("kubectl ovs-mirror show passes options on, and ends as the worst node does", async () => {
  await using good = await mirroring("m1");
  await using bad = await Host.start();
  await (await bad.addPod()).producer().add();
  await using cluster = await Cluster.make([
    { node: "worker-1", socket: good.db.socket },
    { node: "worker-2", socket: bad.db.socket },
  ]);
  const { code, stdout } = await cluster.run(["show", "--mirror", "m1", "--bridge=br1"]);
  assertEquals(code, 1);
  assertMatch(stdout, /^worker-2 .*no output/m);
  const calls = cluster.calls().filter((call) => call.startsWith("exec"));
  assertEquals(calls.length, 2);
  for (const call of calls) assert(call.endsWith("show --mirror m1 --bridge=br1"), call);
});

Deno.test("kubectl ovs-mirror show asks many nodes, some at a time", async () => {
  await using cluster = await Cluster.make(
    Array.from({ length: 20 }, (_, index) => ({
      node: `node-${String(index).padStart(2, "0")}`,
      answer: `echo "node n  switch running"; echo "There are no mirrors."; exit 0`,
    })),
  );
  const { code, stdout } = await cluster.run(["show"], { OVS_MIRROR_PARALLEL: "3" });
  assertEquals(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.length, 20);
  assertEquals(lines[7], "node-07  no mirrors (node n  switch running)");
});

Deno.test("kubectl ovs-mirror passes on which cluster and namespace are meant", async () => {
  await using host = await mirroring("m1");
  await using cluster = await Cluster.make([{ node: "worker-1", socket: host.db.socket }], {
    "objects.yaml": OBJECTS,
    "bare.yaml": BARE,
  });
  const where = ["--context", "a b", "--kubeconfig=/k", "-n", "ovs"];
  assertEquals((await cluster.run([...where, "show", "--mirror", "m1"])).code, 0);
  await cluster.run(["lint", ...where]);
  const calls = cluster.calls().filter((call) => /^[a-z]+ /.test(call));
  assertEquals(calls.length >= 5, true);
  for (const call of calls) {
    assertMatch(call, /^(get|exec) --context=a b --kubeconfig=\/k /);
    if (!/^exec| crd /.test(call)) assertMatch(call, / --namespace (ovs|ids) /);
  }
});

Deno.test("kubectl ovs-mirror show says once what is wrong on each node", async () => {
  await using cluster = await Cluster.make([
    { node: "worker-1", socket: "/nowhere" },
    { node: "worker-2", socket: "/nowhere" },
  ]);
  const { code, stdout, stderr } = await cluster.run(["show", "--for", "soon"]);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /^kubectl ovs-mirror: option --for can't be "soon"; .*\n$/);
});

Deno.test("kubectl ovs-mirror knows each option of show and lint", async () => {
  await using cluster = await Cluster.make([]);
  for (const [command, options] of [["show", SHOW_OPTIONS], ["lint", LINT_OPTIONS]] as const) {
    for (const { name, ...option } of options) {
      const value = "value" in option ? ["json"] : [];
      const { stderr } = await cluster.run([command, `--${name}`, ...value]);
      assertEquals(stderr.includes("there is no '"), false, stderr);
    }
  }
});

Deno.test("kubectl ovs-mirror refuses what makes no sense for many nodes", async () => {
  await using cluster = await Cluster.make([]);
  const wrong: [args: string[], code: number, message: string][] = [
    [[], 2, "usage: kubectl ovs-mirror show"],
    [["shwo"], 2, "usage: kubectl ovs-mirror show"],
    [["show", "--watch"], 2, "kubectl exec --namespace kube-system -it PODNAME"],
    [["show", "--miror", "m1"], 2, "there is no '--miror'"],
    [["show", "m1"], 2, "there is no 'm1'"],
    [["show", "--for"], 2, "option --for needs a value"],
    [["show", "--context"], 2, "option --context needs a value"],
    [["lint", "--strct"], 2, "there is no '--strct'"],
    [["lint", "--format"], 2, "option --format needs a value"],
    [["show", "--format", "dot"], 2, "option --format is not for many nodes"],
    [["show", "--socket=x"], 2, "option --socket is not for many nodes"],
    [["show"], 3, "is the DaemonSet deployed?"],
    [["lint", "file.yaml"], 2, "files are for ovs-mirror-producer lint"],
    [["lint"], 3, "no pod of the DaemonSet is running"],
  ];
  for (const [args, code, message] of wrong) {
    const finished = await cluster.run(args);
    assertEquals([finished.code, finished.stdout], [code, ""], args.join(" "));
    assertStringIncludes(finished.stderr, message);
  }
  for (const args of [["--help"], ["help"], ["show", "-h"], ["lint", "--help"]]) {
    const { code, stdout } = await cluster.run(args);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "usage: kubectl ovs-mirror show");
  }
});

/** As `kubectl get -o yaml` prints several objects. */
const OBJECTS = `apiVersion: v1
items:
- apiVersion: k8s.cni.cncf.io/v1
  kind: NetworkAttachmentDefinition
  metadata:
    annotations:
      name: not-this
    name: tap
    namespace: ids
  spec:
    config: |-
      { "cniVersion": "1.0.0", "plugins": [
        { "type": "ovs", "bridge": "br1" },
        { "type": "ovs-mirror-consumer", "bridge": "br1", "mirrors": [{ "name": "m1" }] } ] }
- apiVersion: k8s.cni.cncf.io/v1
  kind: NetworkAttachmentDefinition
  metadata:
    name: web
    namespace: ids
  spec:
    config: |-
      { "cniVersion": "1.0.0", "plugins": [
        { "type": "ovs", "bridge": "br1" },
        { "type": "ovs-mirror-producer", "bridge": "br1",
          "mirrors": [{ "name": "m1", "ingres": true }] } ] }
kind: List
metadata:
  resourceVersion: ""
`;

const BARE = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    k8s.v1.cni.cncf.io/networks: nowhere
  name: bare
  namespace: ids
spec:
  containers: []
`;

Deno.test("kubectl ovs-mirror lint checks the cluster's objects, and names them", async () => {
  const files = { "objects.yaml": OBJECTS, "bare.yaml": BARE };
  await using cluster = await Cluster.make([{ node: "worker-1" }], files);
  const { code, stdout, stderr } = await cluster.run(["lint", "--strict"]);
  assertEquals([code, stderr.replace(/^command terminated.*\n/m, "")], [1, ""]);
  assertMatch(stdout, /^NetworkAttachmentDefinition ids\/web, line 11: error: .*ingres/m);
  assertMatch(stdout, /^Pod ids\/bare, line 5: \w+: .*nowhere/m);
  assertMatch(stdout, /2 networks and 1 workload/);
});

const MACHINES = `apiVersion: v1
items:
- apiVersion: kubevirt.io/v1
  kind: VirtualMachine
  metadata:
    name: vm
    namespace: ids
  spec:
    template:
      spec:
        networks:
        - name: net
          multus:
            networkName: missing
kind: List
`;

Deno.test("kubectl ovs-mirror lint checks KubeVirt's machines where there are any", async () => {
  const files = { "objects.yaml": OBJECTS, "bare.yaml": BARE, "machines.yaml": MACHINES };
  await using cluster = await Cluster.make([{ node: "worker-1" }], files);
  const { stdout } = await cluster.run(["lint"]);
  assertMatch(stdout, /^VirtualMachine ids\/vm, line 12: \w+: .*missing/m);
});
