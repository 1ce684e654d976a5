/**
 * Finds the port of the switch that a person means.
 *
 * @module
 */

import { isSameNetns, spellingsOf } from "../../mirror/snapshot/netns.ts";
import { idOf, nameOf } from "../../mirror/snapshot/snapshot.ts";
import { type Condition, isRow, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap, type Row, stringMap, uuidSet } from "../../ovsdb/value.ts";
import type { Session } from "../../plugin/database/session.ts";
import type { Part } from "../../plugin/records/record.ts";
import { quote } from "../../text/text.ts";
import { CommandError, EXIT } from "../errors.ts";

/** A port, as a person names it. */
export interface PortName {
  /** The pod: `NAMESPACE/NAME`, its UID, the path of its network namespace, or several of these. */
  pod?: readonly string[];
  /** The interface in the pod. */
  ifname?: string;
  /** The port itself. */
  port?: string;
}

/** A port of a bridge. */
export interface FoundPort {
  id: string;
  name: string;
  /** The bridge's name. */
  bridge: string;
}

/**
 * Finds a port.
 *
 * @param session The database.
 * @param wanted How it is named.
 * @param parts What the plugins of this node have on record, which knows pods by name.
 * @returns The port.
 * @throws {CommandError} There is none, or there are several.
 */
export async function findPort(
  session: Session,
  wanted: PortName,
  parts: readonly Part[],
): Promise<FoundPort> {
  const { pod, ifname, port } = wanted;
  const wheres = port !== undefined
    ? [[["name", "==", port]] as const]
    : pod!.flatMap((name) => podPorts(name, parts));
  const columns = ["_uuid", "name", "external_ids"];
  const answers = await session.transact(wheres.map((where) => select("Port", where, columns)));
  const rows = new Map(answers.flatMap(selectedRows).map((row) => [idOf(row), row]));
  const interfaceOf = (row: Row) => readStringMap(row.external_ids).get("contIface");
  const found = [...rows.values()].filter((row) => !ifname || interfaceOf(row) === ifname);
  const subject = port !== undefined ? `port ${quote(port)}` : `pod ${quote(pod![0]!)}`;
  if (found.length > 1) {
    const list = found.map((row) => `${nameOf(row)} (${interfaceOf(row) ?? "no interface"})`);
    throw new CommandError(
      `${subject} has several ports: ${
        list.sort().join(", ")
      }; name one with --interface or --port`,
      EXIT.failure,
    );
  }
  const [row] = found;
  if (!row) throw notFound(subject, wanted, [...rows.values()].map(interfaceOf));
  const [bridges] = await session.transact([
    select("Bridge", [["ports", "includes", uuidSet([idOf(row)])]], ["name"]),
  ]);
  const [bridge] = selectedRows(bridges);
  if (!bridge) throw notFound(subject, wanted, []);
  return { id: idOf(row), name: nameOf(row), bridge: nameOf(bridge) };
}

/** Conditions of the rows that may be a pod's ports: on record, or marked by the `ovs` plugin. */
function podPorts(pod: string, parts: readonly Part[]): (readonly Condition[])[] {
  const own = parts.filter((part) =>
    (part.pod && [part.pod.uid, `${part.pod.namespace}/${part.pod.name}`].includes(pod)) ||
    (part.netns !== undefined && isSameNetns(part.netns, pod))
  );
  const uids = new Set([pod, ...own.flatMap(({ pod }) => pod?.uid ?? [])]);
  const paths = new Set([pod, ...own.flatMap(({ netns }) => netns ?? [])].flatMap(spellingsOf));
  const marked = (key: string, value: string): Condition[] => [
    ["external_ids", "includes", stringMap({ [key]: value })],
  ];
  return [
    ...own.flatMap(({ ports }) => ports).map(({ id }) => [isRow(id)]),
    ...Array.from(uids, (uid) => marked("contPodUid", uid)),
    ...Array.from(paths, (path) => marked("contNetns", path)),
  ];
}

function notFound(
  subject: string,
  { pod, ifname }: PortName,
  interfaces: readonly (string | undefined)[],
): CommandError {
  const others = interfaces.flatMap((name) => name ?? []);
  if (ifname && others.length > 0) {
    const message = `${subject} has no interface ${quote(ifname)} on the switch; it has ` +
      others.sort().join(", ");
    return new CommandError(message, EXIT.failure);
  }
  const hint = pod?.every((name) => name.includes("/") && !name.startsWith("/"))
    ? "; pods that no plugin of mirrors knows are found by their UID: --pod UID"
    : "";
  return new CommandError(`${subject} has no port on this node's switch${hint}`, EXIT.failure);
}
