/**
 * The entry of both executables: a runtime's call, or a command for people.
 *
 * @module
 */

import type { Outcome } from "./cni/failure.ts";
import type { Role } from "./mirror/role.ts";
import { Deadline } from "./plugin/deadline.ts";
import { FileDirectory } from "./plugin/records/directory.ts";
import { DEFAULT_POLICY } from "./policy/place.ts";
import { createPlugin } from "./plugin/plugin.ts";
import { carryOut, finish, variable } from "./plugin/process.ts";
import { DEFAULT_DIRECTORY } from "./plugin/records/store.ts";

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
    const { failure } = await import("./cni/failure.ts");
    return finish(await failure(error));
  }
  const { runCommand } = await import("./cli/command.ts");
  return Deno.exit(await runCommand(role, Deno.args));
}

function runPlugin(role: Role): Promise<Outcome> {
  const most = variable("CNI_COMMAND") === "STATUS" ? STATUS_TIMEOUT : MAX_TIMEOUT;
  const seconds = Math.min(most, timeout(variable("OVS_MIRROR_TIMEOUT")));
  const deadline = new Deadline(seconds * 1000);
  const path = variable("OVS_MIRROR_CACHE_DIR") || DEFAULT_DIRECTORY;
  const plugin = createPlugin(role, {
    directory: new FileDirectory(path, deadline),
    deadline,
    waits: variable("OVS_MIRROR_WAIT") !== "0",
    policy: variable("OVS_MIRROR_POLICY") || DEFAULT_POLICY,
  });
  return carryOut(plugin, deadline.signal, true, "run ovs-mirror-producer lint");
}

/**
 * Reads how long a call may take.
 *
 * @param seconds What the environment says.
 * @returns Seconds: the same if that makes sense, otherwise the default.
 */
export function timeout(seconds: string | undefined): number {
  const value = Number(seconds);
  return value > 0 && value <= MAX_TIMEOUT ? value : DEFAULT_TIMEOUT;
}
