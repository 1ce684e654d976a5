/**
 * The entry of both executables: where a plugin's call meets the process's environment, streams and
 * exit status. What commands for people print is in `cli/system.ts`.
 *
 * @module
 */

import { CniCode, CniError } from "./cni/error.ts";
import { dispatch, failure, type Outcome } from "./cni/skel.ts";
import { readBounded } from "./input/files.ts";
import type { ShapeError } from "./input/shape.ts";
import type { Role } from "./mirror/role.ts";
import { untilAborted } from "./ovsdb/deadline.ts";
import { Deadline } from "./plugin/deadline.ts";
import { FileDirectory } from "./plugin/directory.ts";
import { createPlugin } from "./plugin/plugin.ts";
import { DEFAULT_DIRECTORY } from "./plugin/store.ts";

/** Longest standard input accepted, in bytes; GC's lists of attachments are the longest. */
const MAX_INPUT_BYTES = 4 * 1024 * 1024;

/** Seconds for a whole call. */
const DEFAULT_TIMEOUT = 30;
const MAX_TIMEOUT = 3600;
/** For STATUS: a runtime may hold a lock until it has the answer. */
const STATUS_TIMEOUT = 5;

/**
 * Runs a plugin, or if no runtime is calling, a command for people. Ends the process.
 *
 * @param role What the plugin makes of a port.
 */
export async function main(role: Role): Promise<never> {
  // Errors end up as one line for the runtime; collecting their stack traces would be for nothing.
  Error.stackTraceLimit = 0;
  try {
    if (variable("CNI_COMMAND")) return finish(await runPlugin(role));
  } catch (error) {
    return finish(await failure(error));
  }
  const { runCommand } = await import("./cli/command.ts");
  return Deno.exit(await runCommand(role, Deno.args));
}

function runPlugin(role: Role): Promise<Outcome> {
  const most = variable("CNI_COMMAND") === "STATUS" ? STATUS_TIMEOUT : MAX_TIMEOUT;
  const seconds = Math.min(most, timeout(variable("OVS_MIRROR_TIMEOUT")));
  const deadline = new Deadline(seconds * 1000);
  const { signal } = deadline;
  const path = variable("OVS_MIRROR_CACHE_DIR") || DEFAULT_DIRECTORY;
  const plugin = createPlugin(role, {
    directory: new FileDirectory(path, signal),
    deadline,
    waits: variable("OVS_MIRROR_WAIT") !== "0",
  });
  return dispatch({ variables: variable, input: () => input(signal) }, plugin, explain);
}

/** The words for it are loaded only if something is wrong. */
async function explain(error: ShapeError): Promise<string> {
  return (await import("./input/explain.ts")).explain(error);
}

function variable(name: string): string | undefined {
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
 * How long a call may take.
 *
 * @param seconds What the environment says.
 * @returns Seconds: the same if that makes sense, otherwise the default.
 */
export function timeout(seconds: string | undefined): number {
  const value = Number(seconds);
  return value > 0 && value <= MAX_TIMEOUT ? value : DEFAULT_TIMEOUT;
}

/** Leaves at once: what Deno would do at an orderly end takes time and changes nothing. */
function finish({ output, exitCode }: Outcome): never {
  let bytes = new TextEncoder().encode(output);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  } catch {
    // Nobody reads the result, so nobody may take it for a success.
    Deno.exit(1);
  }
  Deno.exit(exitCode);
}
