import { assertEquals } from "@std/assert";
import { lint } from "../../../tests/support/cli/lint.ts";

const DAEMON = {
  name: "kube-multus",
  image: "ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot-thick",
  command: ["/usr/src/multus-cni/bin/multus-daemon"],
};

/** Findings about a DaemonSet, or what else, with a container. */
function findings(
  memory: unknown,
  container: Record<string, unknown> = DAEMON,
  kind = "DaemonSet",
): string[] {
  const main = { ...container, resources: { limits: { cpu: "100m", memory } } };
  const spec = { containers: [{ name: "other", resources: { limits: { memory: "1Mi" } } }, main] };
  return lint({ kind, metadata: { name: "kube-multus-ds" }, spec: { template: { spec } } });
}

const FINDING = "warning memory: the memory of Multus in thick mode is too little for its daemon " +
  "and the plugins; set the limit to 256Mi, which has room for nine calls at once";

Deno.test("memory: too little for Multus in thick mode", () => {
  const little = "50Mi 99Mi 99999999999m 104857k 100M 0.1G 0.05Gi 5e7 51200Ki".split(" ");
  for (const memory of [...little, 52428800]) {
    assertEquals(findings(memory).map((one) => one.replace(/^\S+ /, "")), [FINDING], `${memory}`);
  }
  assertEquals(findings("50Mi", { image: "x/multus-cni:v4.1.0-thick" }).length, 1);
  assertEquals(findings("50Mi", { args: ["multus-daemon"] }).length, 1);
});

Deno.test("memory: enough, none, or of something else", () => {
  const enough = "100Mi 104858k 0.105G 1Gi 1Ti 1E nonsense".split(" ");
  for (const memory of [...enough, 1e9, null, undefined]) {
    assertEquals(findings(memory), []);
  }
  assertEquals(findings("50Mi", DAEMON, "Deployment"), []);
  assertEquals(
    findings("50Mi", { image: "x/multus-cni:v4.1.0", command: ["/thin_entrypoint"] }),
    [],
  );
});
