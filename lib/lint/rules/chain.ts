/**
 * The plugins of a chain fit together.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { OVS, type Plugin, portMaker } from "../network.ts";
import { isFed, type MirrorPlugin, type MirrorUse } from "../project.ts";
import { lineOf, member, textOf } from "../tree.ts";

import type { Rule } from "./rule.ts";

/** A mirror plugin comes after the plugin that makes the port. */
export const order: Rule = {
  name: "order",
  check: (project) => project.mirrorPlugins.flatMap(orderOf),
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

/** A mirror plugin has the bridge that the port is made on. */
export const bridges: Rule = {
  name: "bridge",
  check: (project) => project.mirrorPlugins.flatMap(bridgeOf),
};

function bridgeOf(plugin: MirrorPlugin): Problem[] {
  const { file, type, table } = plugin;
  const made = textOf(portMaker(plugin)?.table, "bridge");
  const own = textOf(table, "bridge");
  if (!made || own === made) return [];
  const place = { file, line: lineOf(table, ["bridge"]) };
  if (own) {
    const message = `${type} has bridge ${quote(own)}, and ovs before it has ${quote(made)}`;
    return [error(place, message, "name the same bridge in both")];
  }
  if (member(table, "bridge") || member(table, "configuration_path")) return [];
  const hint = `write "bridge": ${quote(made)}, unless a configuration file on each node does`;
  return [warning(place, `${type} names no bridge`, hint)];
}

/** A port is not source and output of the same mirror. */
export const loops: Rule = {
  name: "loop",
  check: ({ uses }) => [...Map.groupBy(uses, ({ network }) => network).values()].flatMap(loopsOf),
};

function loopsOf(uses: readonly MirrorUse[]): Problem[] {
  const fed = new Set(uses.filter(isFed).map(({ mirror }) => mirror));
  return uses.filter((use) => !isFed(use) && fed.has(use.mirror)).map((use) => {
    const message = `the port would be both source and output of mirror ${quote(use.mirror)}`;
    return error(use, message, "feed and consume a mirror in two networks");
  });
}
