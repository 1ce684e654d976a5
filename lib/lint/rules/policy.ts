/**
 * Attachments that the given policy refuses.
 *
 * @module
 */

import { type Denial, judge } from "../../policy/decision.ts";
import type { Policy } from "../../policy/policy.ts";
import { error, type Place, type Problem } from "../finding.ts";
import type { MirrorPlugin, MirrorUse, Project } from "../project.ts";
import { lineOf, stringAt } from "../tree.ts";
import type { Rule } from "./rule.ts";

/** A policy allows the networks, and the pods that ask for them. */
export const policy: Rule = {
  name: "policy",
  checkDocument: ({ policy, mirrorPlugins }) =>
    policy ? mirrorPlugins.flatMap((plugin) => [...addressesOf(plugin, policy)]) : [],
  checkAll: (project) => project.policy ? [...usesOf(project, project.policy)] : [],
};

/** The database and the file that a plugin names are the same for all namespaces. */
function* addressesOf({ file, role, table }: MirrorPlugin, policy: Policy): Iterable<Problem> {
  const asked = {
    socket_file: { database: stringAt(table, "socket_file") },
    configuration_path: { configurationPath: stringAt(table, "configuration_path") },
  };
  for (const [member, request] of Object.entries(asked)) {
    const denial = judge(policy, { role: role.name, mirrors: [], ...request });
    if (denial) yield refused({ file, line: lineOf(table, [member]) }, denial);
  }
}

/** A network that no namespace may use is at fault itself; otherwise the pods that ask for it are. */
function* usesOf({ uses, requests }: Project, policy: Policy): Iterable<Problem> {
  const byNetwork = Map.groupBy(requests, ({ network }) => network);
  for (const use of uses) {
    const ask = (namespace?: string) => judge(policy, requestOf(use, namespace));
    const denial = ask();
    if (denial) {
      yield refused(use, denial);
      continue;
    }
    for (const { workload: { namespace }, selection } of byNetwork.get(use.network) ?? []) {
      const denial = namespace === undefined ? undefined : ask(namespace);
      if (denial) yield refused(selection, denial);
    }
  }
}

function requestOf({ role, bridge, asked }: MirrorUse, namespace?: string) {
  return { role: role.name, namespace, bridge, mirrors: [asked] };
}

function refused(place: Place, { why, ask }: Denial): Problem {
  return error(place, `the policy does not allow this: ${why}`, `ask for ${ask}`);
}
