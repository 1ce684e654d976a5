/**
 * The mirror plugins accept their configuration. What they say is said here in their own words.
 *
 * @module
 */

import { CniError } from "../../cni/error.ts";
import { parseConfiguration } from "../../cni/request.ts";
import { NEWEST_VERSION } from "../../cni/version.ts";
import { explain, SCHEMAS } from "../../schema/explain.ts";
import {
  MAX_MIRRORS,
  type MirrorMembers,
  parseMembers,
  type PluginMembers,
  resolveConfiguration,
} from "../../mirror/config/config.ts";
import { parseFilter } from "../../mirror/filter/filter.ts";
import { addOptions } from "../../mirror/config/option_members.ts";
import { consumerMembersOf } from "../../mirror/config/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { type Members, ShapeError } from "../../input/shape.ts";
import { suggest } from "../../text/suggest.ts";
import { quote } from "../../text/text.ts";
import { error, type Problem, warning } from "../finding.ts";
import { problemsOf } from "../go.ts";
import { type Network, OVS } from "../network.ts";
import { OVS_FIELDS } from "../ovs_fields.ts";
import { lineOf, member, plain, textOf } from "../tree.ts";
import type { MirrorPlugin } from "../project.ts";
import type { Rule } from "./rule.ts";

/** Where the bridge is filled in by a file on the node, any name will do. */
const SOME_BRIDGE = "bridge";

/** The members have the right types, and values that a switch can do something with. */
export const values: Rule = {
  name: "value",
  *check(project) {
    for (const plugin of project.mirrorPlugins) yield* judge(plugin);
    for (const { file, type, table } of project.networks.flatMap(({ plugins }) => plugins)) {
      if (type === OVS) yield* problemsOf(file, OVS, table, OVS_FIELDS);
    }
  },
};

function* judge(plugin: MirrorPlugin): Iterable<Problem> {
  const members = plain(plugin.table) as Members;
  try {
    yield* refusals(plugin, parseMembers(members));
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
    const [issue] = SCHEMAS.configuration.safeParse(members).error!.issues;
    const { file, table, role } = plugin;
    const hint = `"${role.plugin} schema ${role.name}" prints all fields`;
    yield error({ file, line: lineOf(table, issue!.path) }, explain(problem), hint);
  }
  yield* relativePath(plugin, members);
}

/** A plugin whose own members say all reads no file. */
function* relativePath({ file, table }: MirrorPlugin, members: Members): Iterable<Problem> {
  const { configuration_path: path, bridge, socket_file: socket } = members;
  if (typeof path !== "string" || /^(\/|$)/.test(path) || (bridge && socket)) return;
  const place = { file, line: lineOf(table, ["configuration_path"]) };
  yield error(place, `"configuration_path" is ${quote(path)}, which is no absolute path`, ABSOLUTE);
}

const ABSOLUTE = "begin it with /; the file is one of the node";

/** Judges each member for itself, as the plugin stops at the first that it refuses. */
function* refusals(plugin: MirrorPlugin, own: PluginMembers): Iterable<Problem> {
  const problems: Problem[] = [];
  const judge = (path: readonly PropertyKey[], members: PluginMembers) =>
    problems.push(...refusal(plugin, path, members));
  if (judge(["mirrors"], own) === 0) return;
  const [whole] = problems.splice(0);
  judge(["bridge"], { bridge: own.bridge, mirrors: [] });
  judge(["socket_file"], { socket_file: own.socket_file, mirrors: [] });
  for (const [index, mirror] of own.mirrors.entries()) {
    // A direction that is misspelt has a finding of its own.
    if (isMisspelt(mirror)) continue;
    for (const [key, members] of partsOf(mirror)) {
      // The places before it stay empty, so that messages count right.
      const mirrors: PluginMembers["mirrors"] = [];
      mirrors[index] = members;
      judge(["mirrors", index, key], { mirrors });
    }
  }
  const isExplained = problems.length > 0 || own.mirrors.some(isMisspelt) ||
    own.mirrors.length > MAX_MIRRORS;
  yield* isExplained ? problems : [whole!];
}

/** A mirror without options, and one with each option alone, by the member that is judged. */
function partsOf(mirror: MirrorMembers): [key: string, members: MirrorMembers][] {
  const { name, ingress, egress } = mirror;
  const bare = { name, ingress, egress };
  return [
    ["name", bare],
    ...consumerMembersOf(mirror).map((key): [string, MirrorMembers] => [
      key,
      // Its direction was judged.
      { ...bare, ingress: true, [key]: mirror[key] },
    ]),
  ];
}

function isMisspelt(mirror: object): boolean {
  return Object.keys(mirror).some((key) => {
    const directions = ["ingress", "egress"];
    return !directions.includes(key) && suggest(key, directions);
  });
}

function* refusal(
  { file, role, table }: MirrorPlugin,
  path: readonly PropertyKey[],
  members: PluginMembers,
): Iterable<Problem> {
  try {
    const { mirrors } = resolveConfiguration(role, members, { bridge: SOME_BRIDGE });
    addOptions(role, members.mirrors, mirrors, parseFilter);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    yield error({ file, line: lineOf(table, path) }, problem.message, problem.hint);
  }
}

/** The version is one that the plugins speak. */
export const versions: Rule = {
  name: "version",
  check: (project) =>
    project.mirrorNetworks.flatMap((network) => {
      const cniVersion = memberOf(network, "cniVersion");
      return member(network.config, "cniVersions")
        ? []
        : protocolFaults(network, "cniVersion", { cniVersion, name: "name" });
    }),
};

/** The network has a name. Multus gives it that of its definition, a runtime gives none. */
export const names: Rule = {
  name: "name",
  check: (project) =>
    project.mirrorNetworks.flatMap((network) => {
      const { definition, config } = network;
      if (definition && !definition.name) return [error(network, NO_NAME, "set metadata.name")];
      if (definition && !textOf(config, "name")) return [];
      const name = memberOf(network, "name");
      return protocolFaults(network, "name", { cniVersion: NEWEST_VERSION, name });
    }),
};

const NO_NAME = "the definition has no name";

function memberOf({ config }: Network, key: string): unknown {
  const found = member(config, key);
  return found && plain(found.value);
}

function protocolFaults({ file, config }: Network, key: string, members: Members): Problem[] {
  try {
    parseConfiguration("ADD", { ...members, prevResult: {} });
    return [];
  } catch (problem) {
    if (!(problem instanceof CniError)) throw problem;
    const place = { file, line: lineOf(config!, [key]) };
    return [error(place, problem.message, problem.details ?? "")];
  }
}

/** A consumer takes what there is: directions are the producers' choice. */
export const directions: Rule = {
  name: "direction",
  *check(project) {
    for (const { file, role, table } of project.mirrorPlugins) {
      if (role.name !== "consumer") continue;
      const mirrors = member(table, "mirrors")?.value;
      for (const item of mirrors?.kind === "list" ? mirrors.items : []) {
        const found = member(item, "ingress") ?? member(item, "egress");
        if (!found) continue;
        const message = `${quote(found.key)} means nothing to a consumer`;
        yield warning({ file, line: found.line }, message, "set it where the mirror is fed");
      }
    }
  },
};
