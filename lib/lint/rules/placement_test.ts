import { assertEquals } from "@std/assert";
import { lint, network } from "../../../tests/support/cli/lint.ts";

Deno.test("placement: at the workload instead of its pods", () => {
  const annotations = { "k8s.v1.cni.cncf.io/networks": "a" };
  const misplaced = (kind: string) => ({ kind, metadata: { annotations }, spec: {} });
  assertEquals(
    lint(
      misplaced("Deployment"),
      misplaced("CronJob"),
      { ...misplaced("Pod") },
      network("a", { type: "tuning" }),
    ),
    [
      "1.json:5 warning placement: the annotation is at the Deployment, where nobody looks for it; " +
      "pods get what stands at spec.template.metadata.annotations",
      "2.json:5 warning placement: the annotation is at the CronJob, where nobody looks for it; " +
      "pods get what stands at spec.jobTemplate.spec.template.metadata.annotations",
    ],
  );
});

Deno.test("placement: each kind that makes pods", () => {
  const annotations = { "k8s.v1.cni.cncf.io/networks": "a" };
  const kinds = [
    ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob"],
    ...["ReplicationController", "PodTemplate"],
  ];
  for (const kind of kinds) {
    const found = lint({ kind, metadata: { annotations } });
    assertEquals(found.filter((one) => one.includes(` at the ${kind}, `)).length, 1, kind);
  }
});

Deno.test("placement: what others do with an annotation of theirs is theirs to say", () => {
  const annotations = { "k8s.v1.cni.cncf.io/networks": "a" };
  assertEquals(lint({ kind: "VpcNatGateway", metadata: { annotations }, spec: {} }), []);
});
