import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { DaemonSet } from "kubernetes-types/apps/v1";
import { VERSION } from "../../lib/version.ts";
import {
  CHART,
  helm,
  kustomize,
  kustomizeDirectory,
  lacksRenderers,
  runHelm,
} from "../support/deploy/renderers.ts";
import { typeCheck } from "../support/deploy/type_check.ts";

const ignore = lacksRenderers();

/** CNI directories by platform; the empty one is every other. */
const PLATFORMS: Record<string, string> = {
  "": "/opt/cni/bin",
  "flatcar": "/opt/cni/bin",
  "k3s": "/var/lib/rancher/k3s/data/cni",
  "microk8s": "/var/snap/microk8s/current/opt/cni/bin",
  "openshift": "/var/lib/cni/bin",
  "rke2": "/opt/cni/bin",
};

/** What goes with any platform: components to values of the chart. */
const EXTRAS: Record<string, string> = {
  "metrics": "metrics.enabled=true",
  "capture": "capture.role=true",
  "uninstall": "uninstall=true",
};

/** Where values have the terms of which one has to hold for a node. */
const TERMS =
  "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/** What the tests below rendered. */
const rendered: DaemonSet[] = [];

for (const [platform, directory] of Object.entries(PLATFORMS)) {
  for (
    const extras of [[], ["metrics"], ["uninstall"], ["metrics", "uninstall"], [
      "metrics",
      "capture",
    ]]
  ) {
    const components = [...platform ? [platform] : [], ...extras];
    const values = [`platform=${platform}`, ...extras.map((name) => EXTRAS[name]!)];

    Deno.test({
      name: `kustomization and chart give the same objects: ${components.join(", ") || "plain"}`,
      ignore,
      async fn() {
        const objects = await kustomize(components);
        assertEquals(await helm(values), objects);
        const daemonSet = objects.find(({ kind }) => kind === "DaemonSet") as DaemonSet;
        const [cniBin] = daemonSet.spec!.template.spec!.volumes!
          .filter(({ name }) => name === "cni-bin");
        assertEquals(cniBin!.hostPath, { path: directory, type: "Directory" });
        rendered.push(daemonSet);
      },
    });
  }
}

Deno.test({
  name: "each DaemonSet is one, by Kubernetes' published types",
  ignore,
  async fn() {
    assertEquals(rendered.length, 5 * Object.keys(PLATFORMS).length);
    assertEquals(await typeCheck("apps/v1", "DaemonSet[]", rendered), "");
  },
});

Deno.test({
  name: "values and patches for the same purpose give the same objects",
  ignore,
  async fn() {
    const digest = `sha256:${"a".repeat(64)}`;
    const patched = await kustomize(
      [],
      `
images:
  - { name: registry.example/ovs-mirror-cni, newName: ghcr.io/x/y, digest: "${digest}" }
patches:
  - target: { kind: DaemonSet }
    patch: |-
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: ovs-mirror-cni }
      spec:
        updateStrategy: { rollingUpdate: { maxUnavailable: 2 } }
        template:
          metadata:
            annotations: { note: text }
            labels: { team: net }
          spec:
            imagePullSecrets: [{ name: registry }]
            nodeSelector: { openvswitch: "yes" }
            priorityClassName: high
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms:
                    - matchExpressions:
                        - { key: zone, operator: In, values: [a] }
                        - { key: kubernetes.io/arch, operator: In, values: [amd64, arm64] }
                    - matchFields:
                        - { key: metadata.name, operator: In, values: [b] }
                      matchExpressions:
                        - { key: kubernetes.io/arch, operator: In, values: [amd64, arm64] }
            tolerations: [{ key: dedicated, operator: Exists }]
            securityContext: { seLinuxOptions: { type: container_runtime_t } }
            volumes: [{ name: cni-bin, hostPath: { path: /usr/libexec/cni } }]
`,
    );
    const charted = await helm([
      "image.repository=ghcr.io/x/y",
      `image.digest=${digest}`,
      "maxUnavailable=2",
      "imagePullSecrets[0].name=registry",
      "nodeSelector.openvswitch=yes",
      "nodeSelector.kubernetes\\.io/os=linux",
      "priorityClassName=high",
      "podAnnotations.note=text,podLabels.team=net",
      "podLabels.app\\.kubernetes\\.io/name=ovs-mirror-cni",
      ...[
        "[0].matchExpressions[0].key=zone",
        "[0].matchExpressions[0].operator=In",
        "[0].matchExpressions[0].values[0]=a",
        "[1].matchFields[0].key=metadata.name",
        "[1].matchFields[0].operator=In",
        "[1].matchFields[0].values[0]=b",
      ].map((term) => `${TERMS}${term}`),
      "tolerations[0].key=dedicated,tolerations[0].operator=Exists",
      "selinuxType=container_runtime_t",
      "cniBinDir=/usr/libexec/cni",
    ]);
    assertEquals(charted, patched);
  },
});

Deno.test({
  name: "the chart serves metrics on the address that it is given, and has that probed",
  ignore,
  async fn() {
    const cases = {
      "": undefined,
      "0.0.0.0": undefined,
      "::": undefined,
      "127.0.0.1": "127.0.0.1",
    };
    for (const [host, probed] of Object.entries(cases)) {
      const objects = await helm(["metrics.enabled=true", `metrics.host=${host}`]);
      const daemonSet = objects.find(({ kind }) => kind === "DaemonSet") as DaemonSet;
      const { args, livenessProbe, readinessProbe } = daemonSet.spec!.template.spec!.containers!
        .find(({ name }) => name === "metrics")!;
      assertEquals(args![2], `${host || "$(NODE_ADDRESS)"}:9861`);
      assertEquals([livenessProbe, readinessProbe].map((probe) => probe!.httpGet!.host), [
        probed,
        probed,
      ]);
    }
  },
});

Deno.test({
  name: "what deploy/uninstall has is the component for uninstalling",
  ignore,
  async fn() {
    assertEquals(await kustomizeDirectory("uninstall"), await kustomize(["uninstall"]));
  },
});

Deno.test({
  name: "a namespace of one's own is where everything goes, and its account gets the rights",
  ignore,
  async fn() {
    const objects = await kustomize(["openshift", "metrics"], "namespace: mirrors\n");
    for (const { kind, metadata } of objects) {
      // kustomize can't know that a constraint has none; the API server drops it there.
      if (kind === "SecurityContextConstraints") continue;
      assertEquals(metadata.namespace, kind === "ClusterRole" ? undefined : "mirrors", kind);
    }
    const [binding] = objects.filter(({ kind }) => kind === "RoleBinding");
    assertEquals((binding as unknown as { subjects: unknown }).subjects, [
      { kind: "ServiceAccount", name: "ovs-mirror-cni", namespace: "mirrors" },
    ]);
  },
});

Deno.test({
  name: "the chart passes Helm's own checks, and has this version",
  ignore,
  async fn() {
    const { code, stdout, stderr } = await runHelm(["lint", "--strict", CHART]);
    assertEquals([code, stderr], [0, ""], stdout);
    const chart = Deno.readTextFileSync(`${CHART}/Chart.yaml`);
    assertStringIncludes(chart, `\nversion: ${VERSION}\n`);
    assertStringIncludes(chart, `\nappVersion: ${VERSION}\n`);
  },
});

Deno.test({
  name: "values that the chart does not know, or that can't be, are refused",
  ignore,
  async fn() {
    const wrong = {
      "nonsense=1": "additional properties 'nonsense' not allowed",
      "image.name=x": "additional properties 'name' not allowed",
      "metrics.enable=true": "additional properties 'enable' not allowed",
      "openshift.scc=maybe": "got string, want boolean",
      "platform=talos": "value must be one of",
      "cniBinDir=opt/cni/bin": "does not match pattern",
      "image.digest=sha256:abc": "does not match pattern",
      "metrics.port=70000": "maximum",
      "metrics.host=a:1": "does not match pattern",
      "maxUnavailable=0": "minimum",
      "maxUnavailable=110%": "does not match pattern",
      "imagePullSecrets[0]=registry": "want object",
      "resources.memory=1Gi": "additional properties 'memory' not allowed",
      "metrics.resources.limit.memory=1Gi": "additional properties 'limit' not allowed",
      "affinity.nodes.x=y": "additional properties 'nodes' not allowed",
      "nodeSelector.kubernetes\\.io/os=windows": "value must be 'linux'",
      "podLabels.app\\.kubernetes\\.io/name=x": "value must be 'ovs-mirror-cni'",
    };
    for (const [value, message] of Object.entries(wrong)) {
      const { code, stderr } = await runHelm(["template", "x", CHART], [value]);
      assert(code !== 0, value);
      assertStringIncludes(stderr, message, value);
    }
  },
});
