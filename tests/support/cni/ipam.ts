/**
 * Addresses from an IPAM plugin, which the plugin that makes an interface calls.
 *
 * Source: CNI specification, section "Plugin Delegation".
 *
 * @module
 */

import { ChainError, type CniResult } from "./chain.ts";
import type { Place } from "../run/place.ts";

/** A plugin's input, to be passed on unchanged. */
export interface Call {
  stdin: string;
  env: Readonly<Record<string, string>>;
}

/** An address that was given. */
interface Address {
  /** With the length of its prefix. */
  address: string;
}

/**
 * Calls the IPAM plugin that a configuration names, if it names one.
 *
 * @param place Where plugins run.
 * @param call What the calling plugin was called with.
 * @returns What it printed, parsed; nothing without such a plugin, or if it printed nothing.
 * @throws {ChainError} It failed.
 */
export async function delegate(place: Place, { stdin, env }: Call) {
  const type = JSON.parse(stdin).ipam?.type;
  if (!type) return undefined;
  const paths = (env.CNI_PATH ?? "").split(":").map((directory) => `${directory}/${type}`);
  const program = await place.succeed("sh", "-c", FIRST_EXECUTABLE, "sh", ...paths);
  const finished = await place.run(program.trim(), { stdin, env: { ...env }, clearEnv: true });
  if (finished.code !== 0) throw new ChainError(type, env.CNI_COMMAND ?? "", finished);
  if (finished.stdout === "") return undefined;
  return JSON.parse(finished.stdout) as Partial<CniResult> & { ips: Address[] };
}

const FIRST_EXECUTABLE = 'for file; do [ -x "$file" ] && echo "$file" && exit; done; exit 1';
