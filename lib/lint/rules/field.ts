/**
 * Members have names that somebody reads.
 *
 * @module
 */

import { SCHEMAS } from "../../schema/explain.ts";
import { REMOTE_MEMBERS } from "../../mirror/config/remote.ts";
import { quote } from "../../text/text.ts";
import { DEFAULT_NETWORK, NETWORKS, SELECTION_FIELDS } from "../annotation.ts";
import { error, type Problem, warning } from "../finding.ts";
import { OVS } from "../network.ts";
import { OVS_FIELDS } from "../ovs_fields.ts";
import type { Project } from "../project.ts";
import { member, type Tree } from "../tree.ts";
import { podMetadata } from "../workload.ts";
import { didYouMean, type Guess, type Rule } from "./rule.ts";

/** A table whose members are known. */
interface Known {
  file: string;
  table: Tree | undefined;
  /** Its name in messages. */
  what: string;
  names: readonly string[];
  /** True if others may have members of their own there. */
  isOpen: boolean;
}

const { shape } = SCHEMAS.configuration;

/** The members of any plugin: CNI specification, section "Plugin configuration objects". */
const OF_PLUGINS = [
  ...["type", "name", "cniVersion", "args", "capabilities", "dns", "ipMasq", "ipam"],
  ...["prevResult", "runtimeConfig"],
];
const OF_LISTS = [
  ...["cniVersion", "cniVersions", "name", "plugins"],
  ...["disableCheck", "disableGC", "loadOnlyInlinedPlugins"],
];
const OF_OVS = [...OF_PLUGINS, ...Object.keys(OVS_FIELDS.shape)];
const OF_SELECTIONS = Object.keys(SELECTION_FIELDS.shape);
const OF_MIRRORS = Object.keys(shape.mirrors._zod.def.element.shape);
const ANNOTATIONS = [
  NETWORKS,
  DEFAULT_NETWORK,
  "k8s.v1.cni.cncf.io/network-status",
  "k8s.v1.cni.cncf.io/networks-status",
];

/** No member is unknown, or likely to be another one that is misspelt. */
export const field: Rule = {
  name: "field",
  checkDocument: (project, guess) =>
    knownTables(project).flatMap((known) => unknownMembers(known, guess)),
};

function knownTables(project: Project): Known[] {
  return [
    ...project.networks.flatMap(({ file, definition }) =>
      definition ? [open(file, member(definition.tree, "spec")?.value, "spec", ["config"])] : []
    ),
    ...project.mirrorNetworks.flatMap(({ file, config, plugins }) => [
      ...(member(config, "plugins") ? [open(file, config, "the configuration", OF_LISTS)] : []),
      ...plugins.filter(({ type }) => type === OVS)
        .map(({ table }) => open(file, table, OVS, OF_OVS)),
    ]),
    ...project.mirrorPlugins.flatMap(ofMirrorPlugin),
    ...project.workloads.flatMap(({ file, selections }) =>
      selections.map(({ table }) => open(file, table, "the annotation", OF_SELECTIONS))
    ),
    ...project.objects.map((object) => {
      const annotations = member(podMetadata(object), "annotations")?.value;
      return open(object.file, annotations, "metadata.annotations", ANNOTATIONS);
    }),
  ];
}

function ofMirrorPlugin(
  { file, type, table }: { file: string; type: string; table: Tree },
): Known[] {
  const mirrors = member(table, "mirrors")?.value;
  const items = mirrors?.kind === "list" ? mirrors.items : [];
  return [
    closed(file, table, type, [...OF_PLUGINS, ...Object.keys(shape)]),
    ...items.flatMap((item, index) => [
      closed(file, item, `mirrors[${index}]`, OF_MIRRORS),
      closed(file, member(item, "remote")?.value, `mirrors[${index}].remote`, REMOTE_MEMBERS),
    ]),
  ];
}

function open(
  file: string,
  table: Tree | undefined,
  what: string,
  names: readonly string[],
): Known {
  return { file, table, what, names, isOpen: true };
}

function closed(
  file: string,
  table: Tree | undefined,
  what: string,
  names: readonly string[],
): Known {
  return { file, table, what, names, isOpen: false };
}

function unknownMembers(
  { file, table, what, names, isOpen }: Known,
  guess: Guess,
): Problem[] {
  if (table?.kind !== "table") return [];
  const seen = new Set<string>();
  return table.members.flatMap(({ key, line }) => {
    const place = { file, line };
    if (seen.has(key)) return [warning(place, `${what} has ${quote(key)} twice`, LAST_COUNTS)];
    seen.add(key);
    if (names.includes(key)) return [];
    const meant = guess(key, names);
    const message = `${what} has no member ${quote(key)}`;
    if (meant) return [error(place, message, didYouMean(meant))];
    if (isOpen || key.includes("/")) return [];
    return [warning(place, message, `it is ignored; there are ${names.join(", ")}`)];
  });
}

const LAST_COUNTS = "only the last one counts: remove the others";
