/**
 * Networks and their chains of plugins, from NetworkAttachmentDefinitions and from configuration
 * files.
 *
 * @module
 */

import { consumer, producer, type Role } from "../mirror/role.ts";
import { suggest } from "../text/suggest.ts";
import type { Document } from "./document.ts";
import { error, type Finding, type Place, syntaxFinding } from "./finding.ts";
import { withNamesOf } from "./go.ts";
import { readJson } from "./json.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import { OVS_FIELDS } from "./ovs_fields.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import { linesOf, member, stringAt, type Table, type Tree } from "./tree.ts";

/** The kind of object that defines a network. */
export const DEFINITION = "NetworkAttachmentDefinition";

/** The plugin that makes the ports. */
export const OVS = "ovs";

/** A network. */
export interface Network extends Place {
  /** The object that defines it; none if it is a configuration file. */
  definition?: KubernetesObject;
  /** Its configuration, if it is to be read. */
  config?: Table;
  /** True if runtimes are not to call GC for it. */
  disablesGC?: boolean;
  /** The plugins that are called one after the other. */
  plugins: Plugin[];
  /** Problems of the definition. */
  findings: Finding[];
}

/** A plugin of a chain. */
export interface Plugin extends Place {
  /** Its name. */
  type: string;
  /** Its role in mirrors, if it is one of ours. */
  role?: Role;
  /** The plugins before it in the chain. */
  before: readonly Plugin[];
  /** Its configuration. */
  table: Table;
}

/**
 * Reads a configuration file. Many files have a type or plugins, so those count as networks that
 * have a CNI version too, or a plugin that `ovs` or one of ours is likely to be.
 *
 * @returns The network; nothing if it is something else.
 */
export function readConfigurationFile(
  { file, tree, hasByteOrderMark }: Document,
): Network | undefined {
  if (!tree || member(tree, "kind")) return undefined;
  const types = pluginsIn(tree).map((plugin) => stringAt(plugin, "type"));
  const isVersioned = member(tree, "cniVersion") ?? member(tree, "cniVersions");
  const isNetwork = isVersioned
    ? member(tree, "plugins") ?? member(tree, "type")
    : types.some(isKnown);
  if (!isNetwork) return undefined;
  const read = network({ file, line: tree.line }, tree);
  if (!hasByteOrderMark) return read;
  const fault = new SyntaxFault(1, "the file begins with a byte order mark", SAVE_WITHOUT);
  return { ...read, findings: [syntaxFinding(file, "json", fault), ...read.findings] };
}

const SAVE_WITHOUT = "save it without: runtimes refuse it";

function isKnown(type: string | undefined): boolean {
  const ours = [producer.plugin, consumer.plugin];
  return type === OVS || type !== undefined && suggest(type, ours) !== undefined;
}

/** Without a list, the configuration is that of one plugin. */
function pluginsIn(config: Tree): readonly Tree[] {
  const list = member(config, "plugins")?.value ?? config;
  return list.kind === "list" ? list.items : [list];
}

/** Reads a definition. Without a configuration it stands for a file on the node. */
export function readDefinition(definition: KubernetesObject): Network {
  const { file, line, tree } = definition;
  const found = { file, line, definition, plugins: [], findings: [] };
  const config = member(tree, "spec", "config");
  if (!config || isEmpty(config.value)) return found;
  const { value } = config;
  if (value.kind !== "scalar" || typeof value.value !== "string") {
    return { ...found, findings: [notText({ file, line: config.line })] };
  }
  try {
    const content = readJson(value.text, linesOf(value));
    return { ...network(found, content), definition };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { ...found, findings: [syntaxFinding(file, "json", fault)] };
  }
}

function isEmpty(value: Tree): boolean {
  return value.kind === "scalar" && value.text === "";
}

function notText(place: Place): Finding {
  const hint = 'write "config: |-" and the JSON below, indented';
  return { ...error(place, "spec.config must be a string", hint), rule: "value" };
}

function network({ file, line }: Place, config: Tree): Network {
  if (config.kind !== "table") {
    const hint = 'write { "cniVersion": …, "plugins": […] }';
    const problem = error({ file, line: config.line }, "the configuration is not an object", hint);
    return { file, line, plugins: [], findings: [{ ...problem, rule: "value" }] };
  }
  const disables = member(config, "disableGC")?.value;
  // libcni takes true, and the text of it.
  const disablesGC = disables?.kind === "scalar" && disables.text.toLowerCase() === "true";
  return { file, line, config, ...(disablesGC && { disablesGC }), ...readChain(file, config) };
}

function readChain(file: string, config: Table): Pick<Network, "plugins" | "findings"> {
  const plugins: Plugin[] = [];
  const findings: Finding[] = [];
  for (const table of pluginsIn(config)) {
    const type = stringAt(table, "type");
    if (table.kind === "table" && type) {
      const role = [producer, consumer].find(({ plugin }) => plugin === type);
      const { line } = member(table, "type")!;
      const members = type === OVS ? withNamesOf(table, OVS_FIELDS) : table;
      plugins.push({ file, line, type, role, before: [...plugins], table: members });
    } else {
      const hint = '"plugins" is a list of { "type": …, … }';
      const problem = error({ file, line: table.line }, "plugin without a type", hint);
      findings.push({ ...problem, rule: "value" });
    }
  }
  return { plugins, findings };
}

/**
 * Finds the plugin that makes the port that a mirror plugin attaches.
 *
 * @returns The last `ovs` before it.
 */
export function portMaker({ before }: Plugin): Plugin | undefined {
  return before.findLast(({ type }) => type === OVS);
}
