/**
 * Calls of the plugins within this process: as callPlugin, but a hundred times as fast.
 *
 * @module
 */

import { dispatch } from "../../../lib/cni/skel.ts";
import { explain } from "../../../lib/schema/explain.ts";
import { consumer, producer } from "../../../lib/mirror/role.ts";
import { Deadline } from "../../../lib/plugin/deadline.ts";
import { FileDirectory } from "../../../lib/plugin/records/directory.ts";
import { createPlugin } from "../../../lib/plugin/plugin.ts";
import {
  environment,
  parse,
  type PluginOutcome,
  type PluginRequest,
  type RoleName,
  standardInput,
} from "./plugin.ts";

const ROLES = { producer, consumer };

/**
 * Calls a plugin as its executable would run it.
 *
 * @param role Which of the two.
 * @param request What the runtime wants; `OVS_MIRROR_TIMEOUT` in its environment counts too.
 * @returns What the plugin left.
 */
export async function callInProcess(
  role: RoleName,
  request: PluginRequest,
): Promise<PluginOutcome> {
  const env = environment(request);
  const stdin = standardInput(role, request);
  const input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  const end = new AbortController();
  const milliseconds = Number(env.OVS_MIRROR_TIMEOUT ?? 30) * 1000;
  const timer = setTimeout(() => end.abort(), milliseconds);
  try {
    const deadline = new Deadline(milliseconds, end.signal);
    const surroundings = {
      directory: new FileDirectory(env.OVS_MIRROR_CACHE_DIR!, deadline),
      deadline,
      waits: env.OVS_MIRROR_WAIT !== "0",
    };
    const { output, exitCode } = await dispatch(
      { variables: (name) => env[name], input: () => Promise.resolve(input) },
      createPlugin(ROLES[role], surroundings),
      true,
      (error) => Promise.resolve({ message: explain(error), hint: "correct it" }),
    );
    return { code: exitCode, stdout: output, stderr: "", json: parse(output) };
  } finally {
    clearTimeout(timer);
  }
}
