/**
 * The mirror plugins accept their configuration. What they say is said here in their own words.
 *
 * @module
 */

import { explain, SCHEMAS } from "../../schema/explain.ts";
import {
  MAX_MIRRORS,
  type MirrorMembers,
  parseMembers,
  type PluginMembers,
  resolveConfiguration,
} from "../../mirror/config/config.ts";
import * as remote from "../../mirror/config/remote.ts";
import { parseFilter } from "../../mirror/filter/filter.ts";
import { addOptions } from "../../mirror/config/option_members.ts";
import { consumerMembersOf } from "../../mirror/config/config.ts";
import { Refusal } from "../../mirror/refusal.ts";
import { type Members, ShapeError } from "../../input/shape.ts";
import { suggest } from "../../text/suggest.ts";
import { quote } from "../../text/text.ts";
import { error, type Problem } from "../finding.ts";
import { problemsOf } from "../go.ts";
import { OVS } from "../network.ts";
import { OVS_FIELDS } from "../ovs_fields.ts";
import { lineOf, plain } from "../tree.ts";
import type { MirrorPlugin } from "../project.ts";
import type { Rule } from "./rule.ts";

/** Stands in for a bridge that a file on the node fills in: any name will do. */
const SOME_BRIDGE = "bridge";

/** Stands for any far end. */
const SOME_REMOTE = { type: "gre", address: "192.0.2.1" } as const;

/** The members have the right types, and values that a switch can do something with. */
export const value: Rule = {
  name: "value",
  *checkDocument(project) {
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
  yield error(
    place,
    `"configuration_path" is ${quote(path)}, which is not an absolute path`,
    ABSOLUTE,
  );
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
      // Its direction was judged, and its far end is.
      { ...bare, ingress: true, [key]: mirror[key], remote: mirror.remote && SOME_REMOTE },
    ]),
    ...mirror.remote
      ? [["remote", { ...bare, ingress: true, remote: mirror.remote }] as [string, MirrorMembers]]
      : [],
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
    addOptions(role, members.mirrors, mirrors, { parseFilter, remote });
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    yield error({ file, line: lineOf(table, path) }, problem.message, problem.hint);
  }
}
