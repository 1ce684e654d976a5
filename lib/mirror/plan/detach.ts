/**
 * Plans to detach ports from mirrors.
 *
 * @module
 */

import { type Condition, isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { uuidSet } from "../../ovsdb/value.ts";
import { isOwn } from "../snapshot/ports.ts";
import type { Role } from "../role.ts";
import {
  idOf,
  nameOf,
  type PortState,
  type Question,
  type Snapshot,
} from "../snapshot/snapshot.ts";

/** Ports to detach, and the mirrors they leave. */
export interface Detachment {
  /** Rows of `Port`. */
  ports: readonly string[];
  /** The mirrors, each as a row of `Mirror` or by name; with the options to remove. */
  mirrors: readonly (
    | { id: string; name?: string }
    | { name: string; options?: readonly string[] }
  )[];
  /** True to remove options wherever the ports are an output: the mirrors may be renamed. */
  isRenamed?: boolean;
}

/**
 * Plans to detach ports from mirrors. Needs no guards: ports are known by their rows, which are not
 * reused, and a port that is detached already stays so.
 *
 * @param role The role in which the ports were attached.
 * @param detachment Ports to detach, and the mirrors they leave.
 * @returns The operations.
 */
export function planDetach(role: Role, { ports, mirrors }: Detachment): Operation[] {
  const ids = uuidSet(new Set(ports));
  return mirrors.map((mirror): Operation => ({
    op: "mutate",
    table: "Mirror",
    where: [whichIs(mirror)],
    mutations: role.columns.map((column) => [column, "delete", ids]),
  }));
}

function whichIs(mirror: Detachment["mirrors"][number]): Condition {
  return "id" in mirror ? isRow(mirror.id) : ["name", "==", mirror.name];
}

/** An attachment's ports that are not on record. */
export interface Candidates {
  /** Those that prevResult names. */
  named: readonly string[];
  /** Those that the `ovs` plugin marked. */
  marked: readonly string[];
}

/**
 * Finds an attachment's ports that are not on record. A port that the `ovs` plugin made for another
 * attachment is left out: it only reuses the name, or the path of the namespace.
 *
 * @param snapshot The database, read by the names and marks of the attachment.
 * @param netns Network namespaces of the attachment. None known: names are trusted.
 * @param podUid The pod's UID, if it is known.
 * @returns Rows of `Port`.
 */
export function ownPorts(
  { ports, attachedPorts }: Snapshot,
  netns: readonly string[],
  podUid?: string,
): Candidates {
  const own = (ports: readonly PortState[]) =>
    ports.filter((port) => isOwn(port, netns, podUid)).map(({ id }) => id);
  return { named: own(ports), marked: own(attachedPorts) };
}

/** The places of ports. */
export interface Whereabouts {
  /** The ports that are on the bridge. */
  onBridge: ReadonlySet<string>;
  /** The mirrors that hold ports, each by its row; duplicates are possible. */
  holders: readonly { id: string; name: string; port: string }[];
}

/**
 * Asks which bridge and mirrors ports are in.
 *
 * @param role The role in which mirrors hold them.
 * @param ports Rows of `Port`.
 * @param bridge Name of the bridge that matters; none: any.
 * @returns The question.
 */
export function askWhereabouts(
  role: Role,
  ports: readonly string[],
  bridge?: string,
): Question<Whereabouts> {
  const places = ports.flatMap((port) => role.columns.map((column) => ({ column, port })));
  const named: Condition[] = bridge === undefined ? [] : [["name", "==", bridge]];
  return {
    operations: [
      ...ports.map((port) =>
        select("Bridge", [...named, ["ports", "includes", uuidSet([port])]], ["_uuid"])
      ),
      ...places.map(({ column, port }) =>
        select("Mirror", [[column, "includes", uuidSet([port])]], ["_uuid", "name"])
      ),
    ],
    read(results) {
      const rows = results.map(selectedRows);
      const holding = rows.slice(ports.length);
      return {
        onBridge: new Set(ports.filter((_, index) => rows[index]!.length > 0)),
        holders: places.flatMap(({ port }, index) =>
          holding[index]!.map((row) => ({ id: idOf(row), name: nameOf(row), port }))
        ),
      };
    },
  };
}

/**
 * Chooses the ports to detach as ADD chose them: the ports of the bridge that prevResult names, or
 * if there are none, those that are marked.
 *
 * @param candidates The ports.
 * @param whereabouts Where they are; of the mirrors, those that are meant.
 * @returns The ports and mirrors; no ports if there is nothing to do.
 */
export function chooseDetachment(
  { named, marked }: Candidates,
  { onBridge, holders }: Whereabouts,
): Detachment {
  const isOn = (port: string): boolean => onBridge.has(port);
  const ports = named.some(isOn) ? named.filter(isOn) : marked.filter(isOn);
  const held = holders.filter(({ port }) => ports.includes(port));
  return {
    ports: [...new Set(held.map(({ port }) => port))],
    mirrors: Array.from(
      new Map(held.map(({ id, name }) => [id, name])),
      ([id, name]) => ({ id, name }),
    ),
  };
}
