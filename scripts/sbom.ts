/**
 * Writes a CycloneDX bill of materials of the executables: the npm packages that are bundled into
 * them, with their checksums from deno.lock, and the runtime that they are put behind. Generators
 * of such lists, Syft, Trivy and cdxgen among them, read package.json and node_modules, of which
 * there are none, and not deno.lock.
 *
 * `deno run -A scripts/sbom.ts [--arch x86_64|aarch64] > FILE`
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, join } from "@std/path";
import { type Architecture, ARCHITECTURES, getDenort } from "./denort.ts";

const root = dirname(dirname(fromFileUrl(import.meta.url)));

/** One part of the executables. */
export interface Component {
  type: "application" | "library" | "platform";
  "bom-ref": string;
  name: string;
  version: string;
  purl?: string;
  hashes?: { alg: "SHA-256" | "SHA-512"; content: string }[];
  licenses?: { license: { id: string } }[];
}

/** A CycloneDX 1.6 document, as far as it is used here. */
export interface BillOfMaterials {
  bomFormat: "CycloneDX";
  specVersion: "1.6";
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** Output of `deno info --json`, as far as it is used here. */
interface Graph {
  modules: { npmPackage?: string }[];
  npmPackages: Record<string, { name: string; version: string; dependencies: string[] }>;
}

/**
 * Lists what the executables are made of. The same sources give the same list.
 *
 * @param denort What they are put behind.
 */
export async function billOfMaterials(
  denort: { version: string; sha256: string },
): Promise<BillOfMaterials> {
  const { version, license } = await readJson("deno.json");
  const self = `ovs-mirror-cni@${version}`;
  const packages = await bundledPackages();
  const components = [...packages.values().map(({ component }) => component), runtime(denort)];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": self,
        name: "ovs-mirror-cni",
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components,
    dependencies: [
      { ref: self, dependsOn: components.map((component) => component["bom-ref"]) },
      ...packages.values().map(({ component, dependencies }) => ({
        ref: component["bom-ref"],
        dependsOn: dependencies.map(packageUrl),
      })),
    ],
  };
}

function runtime({ version, sha256 }: { version: string; sha256: string }): Component {
  return {
    type: "platform",
    "bom-ref": `pkg:github/denoland/deno@v${version}`,
    name: "denort",
    version,
    purl: `pkg:github/denoland/deno@v${version}`,
    hashes: [{ alg: "SHA-256", content: sha256 }],
  };
}

/** The packages that the programs import, and those that these import. */
async function bundledPackages() {
  const lock = await readJson("deno.lock");
  const packages = new Map<string, { component: Component; dependencies: string[] }>();
  for (const role of ["producer", "consumer"]) {
    const { modules, npmPackages } = await graphOf(`${role}.ts`);
    const pending = modules.flatMap(({ npmPackage }) => npmPackage ?? []);
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const { name, version, dependencies } = npmPackages[id]!;
      if (packages.has(id)) continue;
      packages.set(id, {
        component: library(id, name, version, lock.npm[id].integrity),
        dependencies,
      });
      pending.push(...dependencies);
    }
  }
  return packages;
}

function library(id: string, name: string, version: string, integrity: string): Component {
  const digest = Uint8Array.from(atob(integrity.replace("sha512-", "")), (c) => c.charCodeAt(0));
  return {
    type: "library",
    "bom-ref": packageUrl(id),
    name,
    version,
    purl: packageUrl(id),
    hashes: [{ alg: "SHA-512", content: hex(digest) }],
  };
}

function packageUrl(id: string): string {
  return `pkg:npm/${id.replace(/^@/, "%40")}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function graphOf(entry: string): Promise<Graph> {
  const args = ["info", "--json", entry];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function readJson(name: string) {
  return JSON.parse(await Deno.readTextFile(join(root, name)));
}

async function sha256(path: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))));
}

if (import.meta.main) {
  const { arch } = parseArgs(Deno.args, { string: ["arch"], default: { arch: Deno.build.arch } });
  if (!ARCHITECTURES.includes(arch as Architecture)) throw new Error(`no architecture ${arch}`);
  const denort = await getDenort(arch as Architecture);
  const bom = await billOfMaterials({
    version: Deno.version.deno,
    sha256: await sha256(denort),
  });
  console.log(JSON.stringify(bom, undefined, 2));
}
