/**
 * The networks, workloads and mirrors of all given files.
 *
 * @module
 */

import { isObject } from "../input/shape.ts";
import { isRemote, parseRemote } from "../mirror/config/remote.ts";
import type { Role } from "../mirror/role.ts";
import type { RequestedMirror } from "../policy/decision.ts";
import type { Policy } from "../policy/policy.ts";
import type { Document } from "./document.ts";
import type { Place } from "./finding.ts";
import { type KubernetesObject, objectsIn } from "./kubernetes.ts";
import {
  DEFINITION,
  type Network,
  type Plugin,
  portMaker,
  readConfigurationFile,
  readDefinition,
} from "./network.ts";
import type { NetworkSelection } from "./annotation.ts";
import { lineOf, member, plain, stringAt, type Table, type Tree } from "./tree.ts";
import { readWorkloads, type Workload } from "./workload.ts";

/** The networks, workloads and mirrors of all given files. */
export interface Project {
  /** The Kubernetes objects. */
  objects: KubernetesObject[];
  /** The networks. */
  networks: Network[];
  /** The networks with an object, by its name. */
  definitions: ReadonlyMap<string, readonly Network[]>;
  /** The objects whose pods ask for networks. */
  workloads: Workload[];
  /** The networks that have plugins of ours. */
  mirrorNetworks: Network[];
  /** The plugins of ours. */
  mirrorPlugins: MirrorPlugin[];
  /** Each mirror of each plugin. */
  uses: MirrorUse[];
  /** Each network that each workload asks for, as far as it is defined here. */
  requests: Request[];
  /** The node's policy, if one is given. */
  policy?: Policy;
}

/** A plugin of ours, and its chain. */
export interface MirrorPlugin extends Plugin {
  /** The plugin's role. */
  role: Role;
  /** The chain. */
  network: Network;
}

/** A network, as one workload asks for it. */
export interface Request {
  workload: Workload;
  selection: NetworkSelection;
  network: Network;
}

/** A mirror, as one plugin has it. */
export interface MirrorUse extends Place {
  /** The mirror's name. */
  mirror: string;
  /** The plugin's role. */
  role: Role;
  /** The bridge, if the network names it. */
  bridge?: string;
  /** The network that the plugin belongs to. */
  network: Network;
  /** True if the consumer shares the mirror with others. */
  shared: boolean;
  /** True if it takes all ports of the bridge, and needs no producer. */
  all: boolean;
  /** The far end that its copies go to, if that is beyond the node and valid. */
  remote?: string;
  /** The mirror as a policy is asked about it. */
  asked: RequestedMirror;
}

/** The part of a project that is in one document. */
export type Parts = Pick<
  Project,
  "objects" | "networks" | "workloads" | "mirrorPlugins" | "uses"
>;

/** Reads what a document says. */
export function readParts(document: Document): Parts {
  const { file, tree } = document;
  const objects = tree ? objectsIn(file, tree) : [];
  const configuration = readConfigurationFile(document);
  const networks = [
    ...objects.filter(({ kind }) => kind === DEFINITION).map(readDefinition),
    ...configuration ? [configuration] : [],
  ];
  const workloads = objects.flatMap(readWorkloads);
  const mirrorPlugins = networks.flatMap((network) =>
    network.plugins.flatMap((plugin) =>
      plugin.role ? [{ ...plugin, role: plugin.role, network }] : []
    )
  );
  return { objects, networks, workloads, mirrorPlugins, uses: mirrorPlugins.flatMap(usesOf) };
}

/** Puts together what documents say. */
export function joinParts(parts: readonly Parts[]): Project {
  const networks = parts.flatMap(({ networks }) => networks);
  const workloads = parts.flatMap(({ workloads }) => workloads);
  const mirrorPlugins = parts.flatMap(({ mirrorPlugins }) => mirrorPlugins);
  const named = networks.filter(({ definition }) => definition);
  const definitions = Map.groupBy(named, ({ definition }) => definition!.name ?? "");
  return {
    objects: parts.flatMap(({ objects }) => objects),
    networks,
    definitions,
    workloads,
    mirrorNetworks: [...new Set(mirrorPlugins.map(({ network }) => network))],
    mirrorPlugins,
    uses: parts.flatMap(({ uses }) => uses),
    requests: workloads.flatMap((workload) => requestsOf(definitions, workload)),
  };
}

/** Forgets what only rules about one document look at, which is most of it. */
export function withoutDetails({ networks, workloads, uses }: Parts): Parts {
  for (const network of networks) {
    network.config = undefined;
    if (network.definition) network.definition.tree = NOTHING;
    for (const plugin of network.plugins) [plugin.table, plugin.before] = [NOTHING, []];
  }
  for (const workload of workloads) workload.tree = NOTHING;
  return { objects: [], networks, workloads, mirrorPlugins: [], uses };
}

const NOTHING: Table = { kind: "table", line: 0, members: [] };

function usesOf(plugin: MirrorPlugin): MirrorUse[] {
  const { file, role, table, network } = plugin;
  const mirrors = member(table, "mirrors")?.value;
  if (mirrors?.kind !== "list") return [];
  const bridge = stringAt(table, "bridge") ?? stringAt(portMaker(plugin)?.table, "bridge");
  return mirrors.items.flatMap((item): MirrorUse[] => {
    const mirror = stringAt(item, "name");
    if (!mirror) return [];
    const line = lineOf(item, ["name"]);
    const isProducer = role.name === "producer";
    // A producer that has these is told so, and no more.
    const [shared, all] = ["shared", "all"].map((key) => !isProducer && isTrue(item, key));
    const asked = { name: mirror, shared, all, ...limitsOf(plain(item)) };
    const use = { file, line, mirror, role, bridge, network, shared: shared!, all: all!, asked };
    const remote = isProducer ? farEnd(member(item, "remote")?.value) : undefined;
    return [{ ...use, ...(remote !== undefined && { remote }) }];
  });
}

/** Stands for a malformed VLAN or address: no policy has it. */
function limitsOf(mirror: unknown): Pick<RequestedMirror, "vlans" | "remote"> {
  const { vlans, remote } = isObject(mirror) ? mirror : {};
  return {
    ...Array.isArray(vlans) && { vlans },
    ...isObject(remote) && { remote: { address: String(remote.address) } },
  };
}

function farEnd(tree: Tree | undefined): string | undefined {
  const members = tree && plain(tree);
  if (!isRemote(members)) return undefined;
  try {
    return parseRemote(members, "remote").text;
  } catch {
    // What is wrong is said of the value.
    return undefined;
  }
}

function isTrue(tree: Tree, key: string): boolean {
  const value = member(tree, key)?.value;
  return value?.kind === "scalar" && value.value === true;
}

function requestsOf(definitions: Project["definitions"], workload: Workload): Request[] {
  return workload.selections.flatMap((selection) =>
    definitionsFor({ definitions }, workload, selection).map((network) => ({
      workload,
      selection,
      network,
    }))
  );
}

/** True for a use that adds sources. */
export function isFed({ role }: MirrorUse): boolean {
  return role.name === "producer";
}

/** True for a use that is an output. */
export function isConsumed(use: MirrorUse): boolean {
  return !isFed(use);
}

/** Puts the uses of each mirror together. */
export function byMirror(uses: readonly MirrorUse[]): MirrorUse[][] {
  return [...Map.groupBy(uses, ({ mirror }) => mirror).values()];
}

/**
 * Tells the namespace that a network is looked for in.
 *
 * @returns Nothing if that is not known: of default networks, it is a matter of configuration.
 */
export function namespaceOf(workload: Workload, selection: NetworkSelection): string | undefined {
  return selection.namespace ?? (selection.isDefault ? undefined : workload.namespace);
}

/**
 * Finds the definitions that a selection may mean. An object without a namespace may be applied
 * to any.
 */
export function definitionsFor(
  { definitions }: Pick<Project, "definitions">,
  workload: Workload,
  selection: NetworkSelection,
): Network[] {
  const namespace = namespaceOf(workload, selection);
  const named = definitions.get(selection.name) ?? [];
  return named.filter(({ definition }) =>
    !namespace || !definition!.namespace || namespace === definition!.namespace
  );
}
