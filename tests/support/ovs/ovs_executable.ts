/**
 * The program in the `ovs` plugin's place, as a file that a runtime can execute.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { succeed } from "../run/process.ts";

const PROGRAM = fromFileUrl(new URL("ovs_program.ts", import.meta.url));

/**
 * Makes the file. It runs with nothing but `PATH` in the environment.
 *
 * @param directory Where; it gets all that the program needs, but for Deno.
 * @returns Its path, which ends in `ovs`.
 */
export async function makeOvsExecutable(directory: string): Promise<string> {
  const [path, bundle, cache] = ["ovs", ".ovs.js", ".cache"].map((name) => `${directory}/${name}`);
  await succeed(Deno.execPath(), "bundle", "--quiet", "--output", bundle!, PROGRAM);
  const command = `'${Deno.execPath()}' run --quiet --no-config --no-lock --allow-all '${bundle}'`;
  const script = `#!/bin/sh\nDENO_DIR='${cache}' exec ${command}\n`;
  await Deno.writeTextFile(path!, script, { mode: 0o755 });
  return path!;
}
