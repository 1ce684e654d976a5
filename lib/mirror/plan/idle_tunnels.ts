/**
 * Removes tunnels that no mirror with sources uses any more. Loaded only if there are mirrors that
 * are empty but for the port of a tunnel.
 *
 * @module
 */

import { guard, isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { selectedRows } from "../../ovsdb/result.ts";
import { readStringMap } from "../../ovsdb/value.ts";
import { REMOTE } from "../snapshot/external_ids.ts";
import {
  type EmptyMirror,
  idOf,
  outputIs,
  type Question,
  type Snapshot,
} from "../snapshot/snapshot.ts";
import { leftoversOf } from "./attach.ts";

/** The ports of tunnels, and the mirrors that have each as their output. */
export type TunnelUsers = ReadonlyMap<string, readonly string[]>;

/**
 * Asks about the ports that are the outputs of empty mirrors.
 *
 * @param mirrors The mirrors.
 * @returns The question. The answer has only the ports of our tunnels.
 */
export function askTunnels(mirrors: readonly EmptyMirror[]): Question<TunnelUsers> {
  const ports = [...new Set(mirrors.flatMap(({ output }) => output ?? []))];
  return {
    operations: ports.flatMap((port) => [
      select("Port", [isRow(port)], ["external_ids"]),
      select("Mirror", [outputIs(port)], ["_uuid"]),
    ]),
    read: (results) =>
      new Map(ports.flatMap((port, index) => {
        const [row] = selectedRows(results[2 * index]);
        const isTunnel = row && readStringMap(row.external_ids).has(REMOTE);
        return isTunnel ? [[port, selectedRows(results[2 * index + 1]).map(idOf)]] : [];
      })),
  };
}

/**
 * Plans the removal of tunnels that conflict with an ADD, or were left before it.
 *
 * @param snapshot The database as it was read.
 * @param ask Asks the database.
 * @returns The operations that remove ports, and the snapshot with the mirrors that may be removed
 * too.
 */
export async function removeIdleTunnels(
  snapshot: Snapshot,
  ask: (question: Question<TunnelUsers>) => Promise<TunnelUsers>,
): Promise<{ operations: Operation[]; rest: Snapshot }> {
  const left = leftoversOf(snapshot);
  const wanted = snapshot.tunnels?.map(({ id }) => id);
  const { mirrors, operations } = removeTunnels(
    left,
    await ask(askTunnels(left)),
    wanted,
  );
  return { operations, rest: { ...snapshot, emptyMirrors: mirrors } };
}

/**
 * Plans the removal of the ports of tunnels, along with their mirrors.
 *
 * @param empty Empty mirrors.
 * @param users What is known of their outputs.
 * @param kept Ports that are about to be used.
 * @returns The mirrors that may be removed; and the operations that remove the ports of no other.
 */
export function removeTunnels(
  empty: readonly EmptyMirror[],
  users: TunnelUsers,
  kept: readonly string[] = [],
): { mirrors: EmptyMirror[]; operations: Operation[] } {
  const removable = empty.flatMap((mirror): EmptyMirror[] => {
    if (mirror.output === undefined) return [mirror];
    return users.has(mirror.output) ? [{ ...mirror, isTunnel: true }] : [];
  });
  const ids = new Set(removable.map(({ id }) => id));
  const ports = new Set(removable.flatMap(({ output }) => output ?? []));
  const isIdle = (port: string) =>
    !kept.includes(port) && users.get(port)!.every((mirror) => ids.has(mirror));
  const operations = [...ports].filter(isIdle)
    .flatMap((port) => removeTunnelPort(port, users.get(port)!));
  return { mirrors: removable, operations };
}

/**
 * Plans the removal of the port of a tunnel.
 *
 * @param port The port.
 * @param users The only mirrors that have it as their output.
 * @returns The operations.
 */
export function removeTunnelPort(port: string, users: readonly string[]): Operation[] {
  return [
    guard("Mirror", [outputIs(port)], users),
    {
      op: "mutate",
      table: "Bridge",
      where: [["ports", "includes", ["uuid", port]]],
      mutations: [["ports", "delete", ["uuid", port]]],
    },
  ];
}
