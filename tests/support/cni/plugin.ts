/**
 * Calls of the compiled executables, as a runtime makes them.
 *
 * @module
 */

import { fromFileUrl, resolve } from "@std/path";
import { type Finished, run } from "../run/process.ts";
import "../run/ready.ts";

/** The two roles. */
export type RoleName = "producer" | "consumer";

/** A request, with sensible values for all that a test does not care about. */
export interface PluginRequest {
  /** Directory for the cache; a test passes its own. */
  directory: string;
  command?: string;
  /** Members of the network configuration, over the defaults; undefined removes one. */
  config?: Record<string, unknown>;
  /** Standard input as it is, instead of a configuration. */
  stdin?: string | Uint8Array;
  /** Environment variables, over the defaults; undefined removes one. */
  env?: Record<string, string | undefined>;
  /** A command line that runs the executable, such as `["strace", "-f"]`. */
  through?: readonly string[];
  /** Working directory; `/` unless given. */
  cwd?: string;
  /** Gets the process id as soon as there is one. */
  started?: (pid: number) => void;
}

/** Output of a plugin. */
export interface PluginOutcome extends Finished {
  /** Standard output, if it is a JSON object. */
  json?: Record<string, unknown>;
}

/** Path of an executable; `OVS_MIRROR_DIST` names another directory than `dist/`. */
export function executable(role: RoleName): string {
  const directory = Deno.env.get("OVS_MIRROR_DIST") ||
    fromFileUrl(new URL("../../../dist", import.meta.url));
  return resolve(directory, `ovs-mirror-${role}`);
}

/**
 * Calls a plugin.
 *
 * @param role Which of the two.
 * @param request What the runtime wants.
 * @returns What the plugin left.
 */
export async function callPlugin(
  role: RoleName,
  request: PluginRequest,
): Promise<PluginOutcome> {
  const [program, ...args] = [...request.through ?? [], executable(role)];
  const finished = await run(program!, {
    args,
    stdin: standardInput(role, request),
    env: environment(request),
    clearEnv: true,
    cwd: request.cwd ?? "/",
    started: request.started,
  });
  return { ...finished, json: parse(finished.stdout) };
}

/** Standard input of a request. */
export function standardInput(role: RoleName, request: PluginRequest): string | Uint8Array {
  const config = {
    cniVersion: "1.0.0",
    name: "net",
    type: `ovs-mirror-${role}`,
    ...request.config,
  };
  return request.stdin ?? JSON.stringify(config);
}

/** Environment of a request. */
export function environment(
  { directory, command = "ADD", env }: PluginRequest,
): Record<string, string> {
  const all = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: "container-1",
    CNI_NETNS: "/var/run/tests/test",
    CNI_IFNAME: "eth1",
    CNI_PATH: "/opt/cni/bin",
    OVS_MIRROR_CACHE_DIR: `${directory}/cache`,
    // Most tests have a database without a switch.
    OVS_MIRROR_WAIT: "0",
    ...env,
  };
  const present = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Record<string, string>;
}

/** Standard output as JSON, if it is that. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A result such as that of the `ovs` plugin: a port on the host, an interface in the container. */
export function prevResult(port: string, cniVersion = "1.0.0"): Record<string, unknown> {
  return {
    cniVersion,
    interfaces: [
      { name: port, mac: "02:00:00:00:00:01" },
      { name: "eth1", mac: "02:00:00:00:00:02", sandbox: "/var/run/tests/test" },
    ],
  };
}
