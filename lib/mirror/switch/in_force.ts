/**
 * Making a change of mirrors count for running traffic, and knowing when it does.
 *
 * ovs-vswitchd translates a flow once and then keeps the translation. In many versions a changed
 * mirror does not make it translate flows anew, so a change that does is made in the same
 * transaction: the ethertype of a port's outer VLAN tag. It means nothing for a port that adds no
 * such tag, and is not touched where somebody else set it.
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

/** What a nudge sets. Open vSwitch knows this value and, like no value at all, any other. */
const ETHERTYPE = stringMap({ "qinq-ethtype": "802.1q" });

/** The value that others may have set, which is the default too. */
const OTHER_ETHERTYPE = stringMap({ "qinq-ethtype": "802.1ad" });

/** Tells our value from one of others; `new` within a transaction only. */
const ON = stringMap({ "ovs-mirror-nudge": "on" });
const NEW = stringMap({ "ovs-mirror-nudge": "new" });

/** The ports that put an outer tag on packets. */
const TUNNEL: Value = ["set", ["dot1q-tunnel"]];

const EVERYTHING = { table: "Open_vSwitch", where: [] } as const;

/**
 * Makes ovs-vswitchd look at all flows again: switches a setting of a port on, or off again, that
 * changes nothing else for it.
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
 * Takes a nudge back, if one is there.
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
  /** The number that it has carried out. */
  current: number;
}

/** A change that is on its way into force. */
export interface Numbered extends Numbers {
  /** Whether the switch has anything to look at anew: a nudge came or went. */
  isNudged: boolean;
  /** The ports that have a nudge now. */
  nudged: readonly string[];
}

/**
 * What follows a change so that it counts for running traffic, and that its end can be waited for.
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
        // The last operation of a nudge finds the port only if the nudge is there.
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
 * Whether a change can be waited for by its number: it is ahead of the switch's, unless the database
 * was restored, and small enough not to be rounded.
 */
export function canBeAwaited({ number, current }: Numbers): boolean {
  return current < number && number <= Number.MAX_SAFE_INTEGER;
}

/**
 * Waits until ovs-vswitchd has carried out a change.
 *
 * @param number The number of the change.
 * @param timeout For how long, in milliseconds.
 * @returns The operation. Unlike a guard it holds the transaction up.
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
