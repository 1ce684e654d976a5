/**
 * Peak memory of a program.
 *
 * @module
 */

import { type Invocation, launch } from "../invocation.ts";
import type { Stage } from "../stage.ts";
import type { Reading } from "./gauge.ts";

/**
 * Measures `peak`, the largest resident set, in MB. GNU time starts the program: the kernel counts
 * to a process what the one that started it had, and time has next to nothing.
 */
export async function memory(stage: Stage, [invocation]: readonly Invocation[]): Promise<Reading> {
  const report = `${stage.host.db.directory}/time`;
  const finished = await launch(invocation!, ["time", "-f", "%M", "-o", report]);
  const kilobytes = Number((await Deno.readTextFile(report)).trim().split("\n").at(-1));
  return { values: { peak: kilobytes * 1024 / 1e6 }, finished: [finished] };
}
