/**
 * Wall-clock and processor time of programs.
 *
 * @module
 */

import { type Invocation, launchAll } from "../invocation.ts";
import type { Stage } from "../stage.ts";
import type { Reading } from "./gauge.ts";

const RUSAGE_CHILDREN = -1;

/** `struct rusage` of 64-bit Linux: two `timeval`, then counters that are not needed here. */
const RUSAGE_WORDS = 18;

const libc = Deno.dlopen("libc.so.6", {
  getrusage: { parameters: ["i32", "buffer"], result: "i32" },
});

/**
 * Measures `wall`, from the start of the first to the end of the last, and `cpu`, of all together
 * in user and kernel mode, in milliseconds.
 */
export async function time(_: Stage, invocations: readonly Invocation[]): Promise<Reading> {
  const cpu = childrenCpu();
  const start = performance.now();
  const finished = await launchAll(invocations);
  const wall = performance.now() - start;
  return { values: { wall, cpu: childrenCpu() - cpu }, finished };
}

/** Processor time of all children that have ended, in milliseconds. */
function childrenCpu(): number {
  const usage = new BigInt64Array(RUSAGE_WORDS);
  if (libc.symbols.getrusage(RUSAGE_CHILDREN, usage) !== 0) throw new Error("getrusage failed");
  const [userSeconds, userMicros, kernelSeconds, kernelMicros] = usage;
  return Number(userSeconds! + kernelSeconds!) * 1000 + Number(userMicros! + kernelMicros!) / 1000;
}
