/**
 * Networks and their chains of plugins, from NetworkAttachmentDefinitions and from configuration
 * files.
 *
 * @module
 */

import { consumer, producer, type Role } from "../mirror/role.ts";
import { syntaxFinding } from "./document.ts";
import { error, type Finding, type Place } from "./finding.ts";
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
  /** The plugins that are called one after the other. */
  plugins: Plugin[];
  /** What is wrong with the definition. */
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
 * Reads a configuration file.
 *
 * @param file The file.
 * @param tree What it holds.
 * @returns The network; nothing if it is something else.
 */
export function readConfigurationFile(file: string, tree: Tree): Network | undefined {
  if (tree.kind !== "table" || member(tree, "kind")) return undefined;
  if (!member(tree, "plugins") && !stringAt(tree, "type")) return undefined;
  return network({ file, line: tree.line }, tree);
}

/**
 * Reads a definition. Without a configuration it stands for a file on the node.
 *
 * @param definition A NetworkAttachmentDefinition.
 * @returns The network.
 */
export function readDefinition(definition: KubernetesObject): Network {
  const { file, line, tree } = definition;
  const found = { file, line, definition, plugins: [], findings: [] };
  const config = member(tree, "spec", "config");
  if (!config) return found;
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

function notText(place: Place): Finding {
  const hint = 'write "config: |-" and the JSON below, indented';
  return { ...error(place, "spec.config is not a text", hint), rule: "value" };
}

function network({ file, line }: Place, config: Tree): Network {
  if (config.kind !== "table") {
    const hint = 'write { "cniVersion": …, "plugins": […] }';
    const problem = error({ file, line: config.line }, "the configuration is not an object", hint);
    return { file, line, plugins: [], findings: [{ ...problem, rule: "value" }] };
  }
  const chain = readChain(file, config);
  return { file, line, config, ...chain };
}

/** Without a list, the configuration is that of one plugin. */
function readChain(file: string, config: Table): Pick<Network, "plugins" | "findings"> {
  const plugins: Plugin[] = [];
  const findings: Finding[] = [];
  const list = member(config, "plugins")?.value ?? { kind: "list", items: [config] };
  for (const table of list.kind === "list" ? list.items : [list]) {
    const type = stringAt(table, "type");
    if (table.kind === "table" && type) {
      const role = [producer, consumer].find(({ plugin }) => plugin === type);
      const { line } = member(table, "type")!;
      const members = type === OVS ? withNamesOf(table, OVS_FIELDS) : table;
      plugins.push({ file, line, type, role, before: [...plugins], table: members });
    } else {
      const hint = '"plugins" is a list of { "type": …, … }';
      const problem = error({ file, line: table.line }, "this is no plugin with a type", hint);
      findings.push({ ...problem, rule: "value" });
    }
  }
  return { plugins, findings };
}

/**
 * Finds the plugin that makes the port that a mirror plugin attaches.
 *
 * @param plugin The mirror plugin.
 * @returns The last `ovs` before it.
 */
export function portMaker({ before }: Plugin): Plugin | undefined {
  return before.findLast(({ type }) => type === OVS);
}
