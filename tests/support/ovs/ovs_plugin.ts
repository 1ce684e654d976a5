/**
 * The real `ovs` plugin, where there is one.
 *
 * @module
 */

import { resolve } from "@std/path";

/** Path of the plugin that `OVS_CNI` names, to be used instead of the stand-in. */
export const REAL_OVS_PLUGIN: string | undefined = find();

/** Where it keeps what it attached: somewhere below, which then has to be another directory. */
export const REAL_OVS_PLUGIN_STATE = "/var/lib";

function find(): string | undefined {
  const path = Deno.env.get("OVS_CNI");
  return path ? resolve(path) : undefined;
}
