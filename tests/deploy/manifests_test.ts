import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { parse } from "@std/yaml/parse";
import type { DaemonSet } from "kubernetes-types/apps/v1";
import type { Container } from "kubernetes-types/core/v1";
import { VERSION } from "../../lib/version.ts";
import { INSTALLER } from "../support/deploy/installer.ts";
import { typeCheck } from "../support/deploy/type_check.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

interface Kustomization {
  resources: string[];
  components?: string[];
  images?: { name: string; newTag: string }[];
  patches?: { patch: string }[];
}

function read<T>(path: string): T {
  return parse(Deno.readTextFileSync(join(ROOT, "deploy", path))) as T;
}

const daemonSet = read<DaemonSet>("install/daemonset.yaml");
const pod = daemonSet.spec!.template.spec!;
const containers: Container[] = [...pod.initContainers ?? [], ...pod.containers];
const installer = Deno.readTextFileSync(INSTALLER);

Deno.test("the DaemonSet is one, by Kubernetes' published types", async () => {
  assertEquals(await typeCheck("apps/v1", "DaemonSet", daemonSet), "");
});

Deno.test("the check by types finds a misspelt member", async () => {
  const wrong = structuredClone(daemonSet);
  Object.assign(wrong.spec!.template.spec!, { toleration: [] });
  const found = await typeCheck("apps/v1", "DaemonSet", wrong);
  assertStringIncludes(found, `'"toleration"' does not exist in type 'PodSpec'`);
});

Deno.test("the DaemonSet selects its own pods", () => {
  const { matchLabels } = daemonSet.spec!.selector;
  assertEquals(daemonSet.spec!.template.metadata!.labels, matchLabels);
});

Deno.test("the containers may do nothing but write into the CNI directory", () => {
  assertEquals(pod.automountServiceAccountToken, false);
  // The node's network, so that no pod network is waited for; nothing listens on it.
  assertEquals([pod.hostNetwork, pod.hostPID, pod.hostIPC], [true, undefined, undefined]);
  assertEquals(containers.flatMap(({ ports }) => ports ?? []), []);
  for (const { securityContext, volumeMounts } of containers) {
    assertEquals(securityContext, {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const writable = volumeMounts!.filter(({ readOnly }) => !readOnly).map(({ name }) => name);
    assertEquals(writable, ["cni-bin"]);
  }
  const paths = pod.volumes!.map(({ hostPath }) => hostPath?.path);
  assertEquals(paths, ["/opt/cni/bin", "/usr"]);
});

Deno.test("no directory is made on a node", () => {
  assertEquals(pod.volumes!.map(({ hostPath }) => hostPath?.type), ["Directory", "Directory"]);
});

Deno.test("the mounts are where the installer looks, and its modes are its own", () => {
  for (const { volumeMounts, args } of containers) {
    for (const { mountPath } of volumeMounts!) assertStringIncludes(installer, `-${mountPath}}`);
    assertStringIncludes(installer, `\n${args![0]})`);
  }
  const [program, mode] = pod.containers[0]!.readinessProbe!.exec!.command!;
  assert(INSTALLER.endsWith(`/${program}`));
  assertStringIncludes(installer, `\n${mode})`);
});

Deno.test("the Containerfile puts things where the installer and the manifest look", () => {
  const file = Deno.readTextFileSync(join(ROOT, "deploy/Containerfile"));
  const source = /SOURCE_DIR=\$\{SOURCE_DIR:-(\S+)\}/.exec(installer)![1]!;
  assertStringIncludes(file, ` ${source}/\n`);
  const copied = Array.from(file.matchAll(/^COPY (?:--\S+ )*(\S+)/gm), ([, path]) => path!);
  for (const path of copied.filter((path) => !path.startsWith("dist/"))) {
    assert(Deno.statSync(join(ROOT, path)).isFile, path);
  }
});

Deno.test("the kustomizations name files that exist, and images of this version", () => {
  const install = read<Kustomization>("install/kustomization.yaml");
  for (const path of install.resources) read(join("install", path));
  const names = new Set(containers.map(({ image }) => image));
  assertEquals(install.images!.map(({ name }) => name), [...names]);
  assertEquals(install.images!.map(({ newTag }) => newTag), [VERSION]);
});

Deno.test("uninstalling patches members that the DaemonSet has", () => {
  const uninstall = read<Kustomization>("uninstall/kustomization.yaml");
  assertEquals(uninstall.resources, ["../install"]);
  assertEquals(uninstall.components, ["../components/uninstall"]);
  const component = read<Kustomization>("components/uninstall/kustomization.yaml");
  const operations = component.patches!.flatMap(({ patch }) => parse(patch) as Operation[]);
  assert(operations.length > 0);
  for (const { op, path } of operations) {
    assertEquals(lookUp(daemonSet, path) !== undefined, op !== "add", `${op} ${path}`);
  }
});

interface Operation {
  op: string;
  path: string;
}

function lookUp(value: unknown, pointer: string): unknown {
  return pointer.split("/").slice(1).reduce(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    value,
  );
}
