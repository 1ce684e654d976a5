/**
 * Objects of Kubernetes against its published types.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { run } from "../run/process.ts";

const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/**
 * Type checks an object as a literal, so that members that Kubernetes does not know are errors.
 *
 * @param version The object's `apiVersion`.
 * @param type Its kind, such as `DaemonSet`, or `DaemonSet[]` for several in one go.
 * @returns What the compiler says; empty if nothing is wrong.
 */
export async function typeCheck(version: string, type: string, object: unknown): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = [
      `import type { ${type.replace("[]", "")} } from "kubernetes-types/${version}";`,
      `export const object: ${type} = ${JSON.stringify(object)};`,
    ];
    await Deno.writeTextFile(file, lines.join("\n"));
    const args = ["check", "--quiet", "--config", CONFIG, file];
    return (await run(Deno.execPath(), { args, env: { NO_COLOR: "1" } })).stderr;
  } finally {
    await Deno.remove(file);
  }
}
