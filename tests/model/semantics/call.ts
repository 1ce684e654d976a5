/**
 * A request to a mirror plugin, and what it is about on a given switch.
 *
 * @module
 */

import type { AttachRequest, WantedMirror } from "../../../lib/mirror/config/config.ts";
import type { Role } from "../../../lib/mirror/role.ts";
import type { Query } from "../../../lib/mirror/snapshot/snapshot.ts";
import { idOf, type Row, type Tables } from "../database/row.ts";
import { bridgeNamed, has, named } from "../switch/rows.ts";

/** A request. */
export interface MirrorCall {
  role: Role;
  bridge: string;
  mirrors: readonly WantedMirror[];
  /** Names of the interfaces of prevResult that are on the host. */
  ports: readonly string[];
  /** The attachment, as the `ovs` plugin marks its ports; no namespace if it is not known. */
  attachment: { containerId?: string; netns: string; ifname: string; podUid?: string };
  /** The network's name. */
  network?: string;
}

/** What is to be attached to what. */
export function requestOf({ role, bridge, mirrors, attachment }: MirrorCall): AttachRequest {
  const { netns, podUid } = attachment;
  return { role, bridge, mirrors, netns, podUid };
}

/** What to read for a request. */
export function queryOf({ role, bridge, mirrors, ports, attachment }: MirrorCall): Query {
  return { role, bridge, mirrors: mirrors.map(({ name }) => name), ports, attachment };
}

/**
 * The ports that a request is about: those that prevResult names, that are on the bridge and not
 * made for another attachment, or if there are none, those of the bridge that are marked.
 *
 * @returns Identifiers.
 */
export function portsOf(tables: Tables, call: MirrorCall): Set<string> {
  const bridge = bridgeNamed(tables, call.bridge);
  const onBridge = (row: Row) => bridge !== undefined && has(bridge, "ports", idOf(row));
  const byName = call.ports.flatMap((name) => named(tables.Port, name))
    .filter((row) => onBridge(row) && isOwn(row, call));
  const byMark = [...tables.Port.values()]
    .filter((row) => isMarked(row, call) && onBridge(row) && isOwn(row, call));
  return new Set((byName.length > 0 ? byName : byMark).map(idOf));
}

/** Whether the `ovs` plugin made a port for no other network namespace or pod, as far as is known. */
export function isOwn(port: Row, { attachment: { netns, podUid } }: MirrorCall): boolean {
  const marks = port.external_ids!;
  const [mark, pod] = [marks.get("contNetns"), marks.get("contPodUid")];
  return (mark === undefined || netns === "" || mark === netns) &&
    (!pod || !podUid || pod === podUid);
}

/** Whether the `ovs` plugin made a port for the attachment of a request. */
export function isMarked(port: Row, { attachment }: MirrorCall): boolean {
  const { netns, ifname, podUid } = attachment;
  const marks = port.external_ids!;
  const isOfPod = netns === "" && !!podUid && marks.get("contPodUid") === podUid;
  return (isOfPod || marks.get("contNetns") === netns) && marks.get("contIface") === ifname;
}

/** The mirrors of a bridge that a request names. */
export function mirrorsOf(tables: Tables, { bridge, mirrors }: MirrorCall): Row[] {
  const row = bridgeNamed(tables, bridge);
  return mirrors.flatMap(({ name }) => named(tables.Mirror, name))
    .filter((mirror) => row !== undefined && has(row, "mirrors", idOf(mirror)));
}

/** All other mirrors. */
export function unnamed(tables: Tables, call: MirrorCall): Row[] {
  const named = new Set(mirrorsOf(tables, call));
  return [...tables.Mirror.values()].filter((row) => !named.has(row));
}
