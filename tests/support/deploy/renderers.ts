/**
 * Objects of Kubernetes as kustomize and Helm render them from `deploy/`.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { parseAll } from "@std/yaml/parse";
import { Files } from "../run/files.ts";
import { lacks } from "../run/lacks.ts";
import { type Finished, run, succeed } from "../run/process.ts";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));
const TOOLS = `${ROOT}scripts/cluster-tools.sh`;

/** The chart. */
export const CHART = `${ROOT}deploy/helm`;

/** The namespace that the kustomization names. */
const NAMESPACE = "kube-system";

/** An object, as far as all have it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

const USUAL_LABELS = [
  "helm.sh/chart",
  ...["name", "instance", "version", "managed-by"].map((name) => `app.kubernetes.io/${name}`),
];

/** The directory with kustomize and Helm. */
export const PATH_OF_TOOLS = (await succeed(TOOLS, "--where")).trim();

/**
 * Tells whether tests that render have to be left out, and says so.
 *
 * @returns Whether kustomize or Helm is not built.
 * @throws {Error} That is so in CI, which must leave nothing out.
 */
export function lacksRenderers(): boolean {
  const missing = ["kustomize", "helm"].filter((tool) => !isFile(`${PATH_OF_TOOLS}/${tool}`));
  if (missing.length === 0) return false;
  const message = `${missing.join(", ")} missing: scripts/cluster-tools.sh`;
  if (Deno.env.get("CI") === "true") throw new Error(message);
  // What builds them may be missing too.
  lacks({ go: "golang-go" });
  console.warn(`tests left out, ${message}`);
  return true;
}

/**
 * Renders the kustomization.
 *
 * @param components Names of components in `deploy/components/`.
 * @param more Further lines of the kustomization that uses them.
 * @returns The objects, in an order of their own.
 */
export async function kustomize(
  components: readonly string[],
  more = "",
): Promise<KubernetesObject[]> {
  const deploy = `${ROOT}deploy`;
  await using files = await Files.make();
  const up = "../".repeat(files.directory.split("/").length - 1);
  const lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization"];
  lines.push("resources:", `  - ${up}${deploy.slice(1)}/install`);
  if (components.length > 0) lines.push("components:");
  for (const name of components) lines.push(`  - ${up}${deploy.slice(1)}/components/${name}`);
  await Deno.writeTextFile(files.path("kustomization.yaml"), `${lines.join("\n")}\n${more}`);
  return sorted(await succeed(`${PATH_OF_TOOLS}/kustomize`, "build", files.directory));
}

/**
 * Renders the chart. The labels that Helm's charts usually have are left out, as kustomize gives
 * none.
 *
 * @param values Values as `--set` has them.
 * @param args Further arguments.
 * @returns The objects, in an order of their own.
 * @throws {Error} An object lacks one of these labels.
 */
export async function helm(
  values: readonly string[],
  args: readonly string[] = [],
): Promise<KubernetesObject[]> {
  const { code, stdout, stderr } = await runHelm(["template", "x", CHART, ...args], values);
  if (code !== 0) throw new Error(stderr);
  return sorted(stdout).map(withoutUsualLabels);
}

/**
 * Takes the labels that Helm's charts usually have from an object.
 *
 * @returns The object without them.
 * @throws {Error} It lacks one of them.
 */
export function withoutUsualLabels(
  { metadata: { labels = {}, ...metadata }, ...object }: KubernetesObject,
) {
  const missing = USUAL_LABELS.filter((name) => !labels[name]);
  if (missing.length > 0) throw new Error(`${object.kind} has no label ${missing}`);
  const others = Object.entries(labels).filter(([name]) => !USUAL_LABELS.includes(name));
  const rest = others.length > 0 ? { labels: Object.fromEntries(others) } : {};
  return { ...object, metadata: { ...metadata, ...rest } };
}

/**
 * Runs Helm.
 *
 * @param args What it shall do.
 * @param values Values as `--set` has them.
 * @returns What it left.
 */
export async function runHelm(
  args: readonly string[],
  values: readonly string[] = [],
): Promise<Finished> {
  await using home = await Files.make();
  const set = values.flatMap((value) => ["--set", value]);
  return await run(`${PATH_OF_TOOLS}/helm`, {
    args: [...args, "--namespace", NAMESPACE, ...set],
    env: { HOME: home.directory },
  });
}

/**
 * Renders a directory with a kustomization as it is.
 *
 * @param path Below `deploy/`.
 * @returns The objects, in an order of their own.
 */
export async function kustomizeDirectory(path: string): Promise<KubernetesObject[]> {
  return sorted(await succeed(`${PATH_OF_TOOLS}/kustomize`, "build", `${ROOT}deploy/${path}`));
}

function sorted(yaml: string): KubernetesObject[] {
  const objects = (parseAll(yaml) as (KubernetesObject | null)[]).filter((object) =>
    object !== null
  );
  return objects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
