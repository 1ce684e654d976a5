/**
 * All that the given files say about mirrors.
 *
 * @module
 */

import type { Role } from "../../mirror/role.ts";
import type { Document } from "./document.ts";
import type { Place } from "./finding.ts";
import { type KubernetesObject, objectsOf } from "./kubernetes.ts";
import {
  DEFINITION,
  type Network,
  portMaker,
  readConfigurationFile,
  readDefinition,
} from "./network.ts";
import type { Attachment } from "./selection.ts";
import { lineOf, member, textOf } from "./tree.ts";
import { readWorkload, type Workload } from "./workload.ts";

/** All that the given files say about mirrors. */
export interface Project {
  /** The Kubernetes objects. */
  objects: KubernetesObject[];
  /** The networks. */
  networks: Network[];
  /** Those that objects define, by name. */
  definitions: ReadonlyMap<string, readonly Network[]>;
  /** The objects whose pods ask for networks. */
  workloads: Workload[];
  /** Each mirror of each plugin. */
  uses: MirrorUse[];
}

/** A mirror, as one plugin has it. */
export interface MirrorUse extends Place {
  /** The mirror's name. */
  mirror: string;
  /** What the plugin makes of its port. */
  role: Role;
  /** The bridge, if the network names it. */
  bridge?: string;
  /** The network that the plugin belongs to. */
  network: Network;
}

/**
 * Collects what documents say.
 *
 * @param documents The documents of all files.
 * @returns What they say together.
 */
export function readProject(documents: readonly Document[]): Project {
  const objects = documents.flatMap(objectsOf);
  const definitions = objects.filter(({ kind }) => kind === DEFINITION).map(readDefinition);
  const files = documents.map(readConfigurationFile).filter((one) => one !== undefined);
  const networks = [...definitions, ...files];
  const workloads = objects.map(readWorkload).filter((one) => one !== undefined);
  const uses = networks.flatMap(usesOf);
  const byName = Map.groupBy(definitions, ({ definition }) => definition!.name ?? "");
  return { objects, networks, definitions: byName, workloads, uses };
}

function usesOf(network: Network): MirrorUse[] {
  return network.plugins.flatMap((plugin) => {
    const { file, role, table } = plugin;
    const mirrors = member(table, "mirrors")?.value;
    if (!role || mirrors?.kind !== "list") return [];
    const bridge = textOf(table, "bridge") ?? textOf(portMaker(plugin)?.table, "bridge");
    return mirrors.items.flatMap((item): MirrorUse[] => {
      const mirror = textOf(item, "name");
      return mirror ? [{ file, line: lineOf(item, ["name"]), mirror, role, bridge, network }] : [];
    });
  });
}

/** Whether a mirror gets traffic there, and is not where its traffic goes. */
export function isFed({ role }: MirrorUse): boolean {
  return role.name === "producer";
}

/**
 * Finds the definitions that an attachment may mean. An object without a namespace may be applied
 * to any.
 *
 * @param project All that is known.
 * @param workload The object whose pods ask for the network.
 * @param attachment What they ask for.
 * @returns The networks.
 */
export function definitionsFor(
  { definitions }: Project,
  workload: Workload,
  attachment: Attachment,
): Network[] {
  const namespace = attachment.namespace ?? workload.namespace;
  const named = definitions.get(attachment.name) ?? [];
  return named.filter(({ definition }) =>
    !namespace || !definition!.namespace || namespace === definition!.namespace
  );
}

/** A network, as one workload asks for it. */
export interface Request {
  workload: Workload;
  attachment: Attachment;
  network: Network;
}

/**
 * Lists what workloads ask for.
 *
 * @param project All that is known.
 * @returns Each network that each workload asks for, as far as it is defined here.
 */
export function requestsOf(project: Project): Request[] {
  return project.workloads.flatMap((workload) =>
    workload.attachments.flatMap((attachment) =>
      definitionsFor(project, workload, attachment).map((network) => ({
        workload,
        attachment,
        network,
      }))
    )
  );
}
