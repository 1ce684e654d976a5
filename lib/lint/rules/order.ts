/**
 * A mirror plugin comes after the plugin that makes the port.
 *
 * @module
 */

import { error, type Problem, warning } from "../finding.ts";
import { OVS, type Plugin } from "../network.ts";
import type { MirrorPlugin } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A mirror plugin comes after the plugin that makes the port. */
export const order: Rule = {
  name: "order",
  checkDocument: (project) => project.mirrorPlugins.flatMap(orderOf),
};

function orderOf(plugin: MirrorPlugin): Problem[] {
  const { before, network, type } = plugin;
  if (before.some(isOvs)) return [];
  if (network.plugins.some(isOvs)) {
    return [error(plugin, `${type} stands before ovs`, "put it after ovs, which makes the port")];
  }
  if (before.every(({ role }) => role)) {
    return [error(plugin, `no plugin before ${type} makes a port`, CHAIN)];
  }
  const hint = "does one of them make a port of the bridge?";
  return [warning(plugin, `ovs is not among the plugins before ${type}`, hint)];
}

const CHAIN = 'put { "type": "ovs", "bridge": … } before it in "plugins"';

function isOvs({ type }: Plugin): boolean {
  return type === OVS;
}
