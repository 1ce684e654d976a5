/**
 * ADD, CHECK, DEL, GC and STATUS, once for both roles: configuration → snapshot → plan →
 * transaction → result.
 *
 * @module
 */

import { Call, type CallContext, type Run } from "./call.ts";
import type { Handler, PluginRequest } from "../cni/skel.ts";
import { run as add } from "./commands/add.ts";
import type { Role } from "../mirror/role.ts";

/** Code that ADD does not need is loaded by the commands that need it: parsing it takes time. */
const COMMANDS: Readonly<Record<PluginRequest["command"], () => Run | Promise<Run>>> = {
  ADD: () => add,
  CHECK: async () => (await import("./commands/check.ts")).run,
  DEL: async () => (await import("./commands/del.ts")).run,
  GC: async () => (await import("./commands/gc.ts")).run,
  STATUS: async () => (await import("./commands/status.ts")).run,
};

/**
 * Makes the handler of a plugin.
 *
 * @param role What the plugin makes of a port.
 * @param context What it works with.
 * @returns The handler; it throws nothing but CNI errors, shape errors and defects.
 */
export function createPlugin(role: Role, context: CallContext): Handler {
  return async (request) => {
    const call = new Call(role, context, request);
    try {
      const run = await COMMANDS[request.command]();
      return await run(call).catch(async (error) => {
        const { runAgain } = await import("./database/run_again.ts");
        return await runAgain(call, run, error);
      });
    } catch (error) {
      const { toCniError } = await import("./failure.ts");
      throw toCniError(error, request.command, call.endpoint);
    }
  };
}
