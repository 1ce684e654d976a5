/**
 * The process of a plugin's call: environment, standard input and output, exit status. Interactive
 * commands use `cli/system.ts` instead.
 *
 * @module
 */

import { CniCode, CniError } from "../cni/error.ts";
import type { Outcome } from "../cni/failure.ts";
import { dispatch, type Handler } from "../cni/skel.ts";
import { readBounded } from "../input/files.ts";
import { untilAborted } from "../ovsdb/deadline.ts";

/** Longest standard input accepted, in bytes; GC's lists of attachments are the longest. */
const MAX_INPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs the call that this process was started for.
 *
 * @param handle What the plugin does.
 * @param signal Aborted when the time for the call is over.
 * @param needsPrevResult Whether ADD and CHECK need the result of the plugin before.
 * @param hint What to do about a configuration that is not valid.
 * @returns What to print and the exit status.
 */
export function carryOut(
  handle: Handler,
  signal: AbortSignal,
  needsPrevResult: boolean,
  hint: string,
): Promise<Outcome> {
  const invocation = { variables: variable, input: () => input(signal) };
  return dispatch(invocation, handle, needsPrevResult, async (error) => {
    // Code for error messages is loaded only if there is an error.
    const { explain } = await import("../schema/explain.ts");
    return { message: explain(error), hint };
  });
}

/**
 * Looks up an environment variable.
 *
 * @param name Its name.
 * @returns Its value.
 * @throws {CniError} Code 4: it is not text.
 */
export function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    const message = `${name} is not valid UTF-8`;
    throw new CniError(CniCode.invalidEnvironment, message, "set it to text");
  }
}

async function input(signal: AbortSignal): Promise<Uint8Array> {
  const reading = readBounded((buffer) => Deno.stdin.read(buffer), MAX_INPUT_BYTES);
  const content = await untilAborted(reading, signal, "").catch((error) => {
    const message = "standard input did not end in time, or can't be read";
    throw new CniError(CniCode.ioFailure, message, `check the runtime (${error.name})`);
  });
  if (content.length <= MAX_INPUT_BYTES) return content;
  const message = `standard input is longer than ${MAX_INPUT_BYTES} bytes`;
  throw new CniError(CniCode.ioFailure, message, "pass one network configuration");
}

/**
 * Prints the output of a call and exits at once: Deno's orderly shutdown takes time and changes
 * nothing.
 *
 * @param outcome What the call left.
 */
export function finish({ output, exitCode }: Outcome): never {
  let bytes = new TextEncoder().encode(output);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  } catch {
    // Nobody read the result, so the exit status must not say success.
    Deno.exit(1);
  }
  Deno.exit(exitCode);
}
