/**
 * The entry of both executables: the only place that touches the process's environment, streams
 * and exit status.
 *
 * @module
 */

import { DEFAULT_DIRECTORY } from "./attachments/store.ts";
import { CniCode, CniError } from "./cni/error.ts";
import { dispatch } from "./cni/skel.ts";
import { readBounded } from "./files.ts";
import type { Role } from "./mirror/role.ts";
import { untilAborted } from "./ovsdb/deadline.ts";
import { createPlugin } from "./plugin.ts";

/** Longest standard input accepted, in bytes; GC's lists of attachments are the longest. */
const MAX_INPUT_BYTES = 4 * 1024 * 1024;

/** Seconds for a whole call. */
const DEFAULT_TIMEOUT = 30;
const MAX_TIMEOUT = 3600;

/**
 * Runs a plugin, or if no runtime is calling, a command for people. Ends the process.
 *
 * @param role What the plugin makes of a port.
 */
export async function main(role: Role): Promise<never> {
  // Errors end up as one line for the runtime; collecting their stack traces would be for nothing.
  Error.stackTraceLimit = 0;
  const variables = (name: string): string | undefined => Deno.env.get(name);
  if (!variables("CNI_COMMAND")) {
    const { runCommand } = await import("./cli/command.ts");
    return Deno.exit(await runCommand(role, Deno.args));
  }
  const signal = AbortSignal.timeout(timeout(variables("OVS_MIRROR_TIMEOUT")) * 1000);
  const directory = variables("OVS_MIRROR_CACHE_DIR") || DEFAULT_DIRECTORY;
  const plugin = createPlugin(role, { directory, signal });
  const { output, exitCode } = await dispatch({ variables, input: () => input(signal) }, plugin);
  return finish(output, exitCode);
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

function timeout(seconds: string | undefined): number {
  const value = Number(seconds);
  return value > 0 && value <= MAX_TIMEOUT ? value : DEFAULT_TIMEOUT;
}

/** Leaves at once: what the runtime would do at an orderly end takes time and changes nothing. */
function finish(output: string, exitCode: number): never {
  write(Deno.stdout, output);
  Deno.exit(exitCode);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
