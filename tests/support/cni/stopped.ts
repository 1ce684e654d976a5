/**
 * Plugins that are stopped at a certain moment, so that something else can get in between.
 *
 * @module
 */

import type { ChainedPlugin } from "./chained.ts";
import type { PluginOutcome } from "./plugin.ts";
import { until } from "../run/process.ts";

/** How often a stopped plugin is told to go on, in milliseconds. */
const PACE = 50;

/**
 * Calls a plugin, stops it when it has looked at a file and not yet opened it, and lets it go on
 * later. It takes `strace`.
 *
 * @param meanwhile What happens before the file is opened.
 * @returns What the plugin left.
 */
export async function stopAfterLook(
  plugin: ChainedPlugin,
  command: string,
  path: string,
  meanwhile: () => Promise<unknown>,
): Promise<PluginOutcome> {
  const log = await Deno.makeTempFile({ prefix: "ovs-mirror-test-" });
  try {
    const through = ["/usr/bin/env", "strace", "-f", "-o", log, "-P", path]
      .concat("-e", "trace=statx", "-e", "inject=statx:signal=SIGSTOP:when=1");
    const running = plugin.with({ through }).call(command);
    const pid = await until("the plugin to stop", () => stopped(log));
    await meanwhile();
    // strace counts for each thread, so another one that looks stops the plugin again.
    const going = setInterval(() => goOn(pid), PACE);
    return await running.finally(() => clearInterval(going));
  } finally {
    await Deno.remove(log);
  }
}

/** The thread of which `strace` tells that it is stopped, if there is one. */
async function stopped(log: string): Promise<number | undefined> {
  const [, pid] = /^(\d+) +--- stopped by SIGSTOP ---$/m.exec(await Deno.readTextFile(log)) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** Lets a stopped thread's process go on, if it has not ended. */
function goOn(thread: number): void {
  try {
    Deno.kill(thread, "SIGCONT");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
