/**
 * How many instructions a program executes: the one measure of its work that does not depend on
 * what else the machine does.
 *
 * @module
 */

import { type Invocation, launch } from "../invocation.ts";
import type { Stage } from "../stage.ts";
import type { Reading } from "./gauge.ts";

/** Measures `instructions` in user mode, of all threads, in millions. */
export async function instructions(
  stage: Stage,
  [invocation]: readonly Invocation[],
): Promise<Reading> {
  const report = `${stage.host.db.directory}/valgrind`;
  const through = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
  const finished = await launch(invocation!, [...through, `--log-file=${report}`]);
  const [, count] = /Collected : (\d+)/.exec(await Deno.readTextFile(report)) ?? [];
  return { values: { instructions: Number(count) / 1e6 }, finished: [finished] };
}
