/**
 * Makes a change of mirrors apply to running traffic, and tells when it does.
 *
 * ovs-vswitchd translates a flow once and caches the translation. In many versions a changed mirror
 * does not make it translate flows again, so the same transaction makes a change that does, a
 * nudge: the ethertype of a port's outer VLAN tag. It has no effect on a port that adds no such
 * tag, and is left alone if somebody else set it.
 *
 * @module
 */

import {
  type Condition,
  isRow,
  type Mutate,
  type Operation,
  type Wait,
} from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { ProtocolError } from "../../ovsdb/error.ts";
import { stringMap, type Value } from "../../ovsdb/value.ts";
import type { Question } from "../snapshot/snapshot.ts";

/** The value that a nudge sets. Open vSwitch treats any value but this one like none. */
const ETHERTYPE = stringMap({ "qinq-ethtype": "802.1q" });

/** The default value, which others may have set. */
const OTHER_ETHERTYPE = stringMap({ "qinq-ethtype": "802.1ad" });

/** The mark that tells our value from others'; `new` only within a transaction. */
const ON = stringMap({ "ovs-mirror-nudge": "on" });
const NEW = stringMap({ "ovs-mirror-nudge": "new" });

/** Conditions of ports that put an outer tag on packets. */
const TUNNEL: Value = ["set", ["dot1q-tunnel"]];

const EVERYTHING = { table: "Open_vSwitch", where: [] } as const;

/**
 * Makes ovs-vswitchd translate all flows again: toggles a setting of a port that has no other
 * effect.
 *
 * @param id Row of `Port`.
 * @returns The operations, for the transaction that changes the mirrors.
 */
export function nudge(id: string): Operation[] {
  return [
    mutatePort(id, [
      ["vlan_mode", "excludes", TUNNEL],
      ["other_config", "excludes", ETHERTYPE],
      ["other_config", "excludes", OTHER_ETHERTYPE],
      ["external_ids", "excludes", ON],
    ], [["other_config", "insert", ETHERTYPE], ["external_ids", "insert", NEW]]),
    takeNudgeBack(id),
    mutatePort(id, [["external_ids", "includes", NEW]], [
      ["external_ids", "delete", NEW],
      ["external_ids", "insert", ON],
    ]),
  ];
}

/**
 * Removes a nudge, if there is one.
 *
 * @param port Row of `Port`.
 * @returns The operation.
 */
export function takeNudgeBack(port: string): Operation {
  return mutatePort(port, [["external_ids", "includes", ON]], [
    ["external_ids", "delete", ON],
    ["other_config", "delete", ETHERTYPE],
  ]);
}

function mutatePort(
  id: string,
  where: readonly Condition[],
  mutations: Mutate["mutations"],
): Operation {
  return {
    op: "mutate",
    table: "Port",
    where: [isRow(id), ...where],
    mutations,
  };
}

/** The number of a change, and of the one that the switch has carried out. */
export interface Numbers {
  /** The number that the switch will have carried out once the change is in force. */
  number: number;
  /** The number that it has carried out so far. */
  current: number;
}

/** A change that the switch has not applied yet. */
export interface Numbered extends Numbers {
  /** True if the switch translates flows again: a nudge was added or removed. */
  isNudged: boolean;
  /** The ports that have a nudge now. */
  nudged: readonly string[];
}

/**
 * Prepares the operations after a change that make it apply to running traffic, and number it so
 * that the switch can be waited for.
 *
 * @param ports Rows of `Port`, all of them the attachment's own.
 * @returns The operations, for the end of the transaction, and what reads their answers.
 */
export function bringIntoForce(ports: readonly string[]): Question<Numbered> {
  const nudges = ports.map(nudge);
  return {
    operations: [...nudges.flat(), ...COUNT_UP],
    read(results) {
      const left = [...results];
      const counts = nudges.map(({ length }) => left.splice(0, length).map(({ count }) => count));
      return {
        ...readNumbers(left.at(-1)),
        isNudged: counts.flat().some(Boolean),
        // The last operation of a nudge finds the port only if there is a nudge.
        nudged: ports.filter((_, index) => counts[index]!.at(-1)),
      };
    },
  };
}

/**
 * Numbers a change of the configuration, as `ovs-vsctl` does, and asks for the number; and for the
 * column to wait for, so that nothing is changed where there is none.
 */
export const COUNT_UP: readonly Operation[] = [
  { op: "mutate", ...EVERYTHING, mutations: [["next_cfg", "+=", 1]] },
  { op: "select", ...EVERYTHING, columns: ["next_cfg", "cur_cfg"] },
];

/**
 * Reads the number of a change.
 *
 * @param result The answer to the last operation of {@linkcode COUNT_UP}.
 * @returns The numbers.
 * @throws {ProtocolError} There are none.
 */
export function readNumbers(result: OperationResult | undefined): Numbers {
  const { next_cfg: number, cur_cfg: current } = selectedRows(result)[0] ?? {};
  if (typeof number === "number" && typeof current === "number") return { number, current };
  throw new ProtocolError("the database does not number its changes");
}

/**
 * Tells whether a change can be waited for by its number: it has to be ahead of the switch's, which
 * it is unless the database was restored, and small enough not to be rounded.
 */
export function canBeAwaited({ number, current }: Numbers): boolean {
  return current < number && number <= Number.MAX_SAFE_INTEGER;
}

/**
 * Waits until ovs-vswitchd has carried out a change.
 *
 * @param number The number of the change.
 * @param timeout For how long, in milliseconds.
 * @returns The operation. Unlike a guard it blocks the transaction.
 */
export function untilInForce(number: number, timeout: number): Wait {
  return {
    op: "wait",
    table: "Open_vSwitch",
    where: [["cur_cfg", ">=", number]],
    columns: ["cur_cfg"],
    until: "!=",
    rows: [],
    timeout: Math.max(1, Math.floor(timeout)),
  };
}
