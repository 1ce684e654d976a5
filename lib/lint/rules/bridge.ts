/**
 * A mirror plugin names the bridge that `ovs` makes the port on.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { type Network, OVS, portMaker } from "../network.ts";
import type { MirrorPlugin } from "../project.ts";
import { lineOf, member, stringAt } from "../tree.ts";
import type { Rule } from "./rule.ts";

/** A mirror plugin has the bridge that the port is made on. */
export const bridge: Rule = {
  name: "bridge",
  checkDocument: ({ mirrorPlugins, networks }) => [
    ...mirrorPlugins.flatMap(bridgeOf),
    ...networks.flatMap(resourceOf),
  ],
};

function bridgeOf(plugin: MirrorPlugin): Problem[] {
  const { file, type, table } = plugin;
  const made = stringAt(portMaker(plugin)?.table, "bridge");
  const own = stringAt(table, "bridge");
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

/** By this resource, the marker of `ovs` tells the scheduler which nodes have a bridge. */
function resourceOf({ file, definition, plugins }: Network): Problem[] {
  const found = member(definition?.tree, "metadata", "annotations", RESOURCE);
  const [, named] = found?.value.kind === "scalar" && MARKED.exec(found.value.text) || [];
  const made = stringAt(plugins.find(({ type }) => type === OVS)?.table, "bridge");
  if (!named || !made || named === made) return [];
  const message = `${RESOURCE} is of bridge ${quote(named)}, and ovs has ${quote(made)}`;
  return [warning({ file, line: found!.line }, message, "name the same bridge in both")];
}

const RESOURCE = "k8s.v1.cni.cncf.io/resourceName";
const MARKED = /^ovs-cni\.network\.kubevirt\.io\/(.+)$/;
