/**
 * Repairs numbers that no change can be waited for by: the switch's is ahead, as after the database
 * was restored, or too large to be exact. Loaded only then.
 *
 * @module
 */

import type { Condition, Operation } from "../../ovsdb/operation.ts";
import type { Question } from "../snapshot/snapshot.ts";
import { COUNT_UP, type Numbers, readNumbers } from "./in_force.ts";

/**
 * Gives the changes so far a number that the switch has not reached yet. Concurrent calls only
 * increase it further.
 *
 * @param numbers The numbers as they are.
 * @returns The operations, and what reads their answers.
 */
export function renumber({ number, current }: Numbers): Question<Numbers> {
  const behind = Math.max(number, current) <= Number.MAX_SAFE_INTEGER ? current - number : 0;
  const operations: Operation[] = [
    startAgain("next_cfg"),
    startAgain("cur_cfg"),
    { op: "mutate", table: "Open_vSwitch", where: [], mutations: [["next_cfg", "+=", behind]] },
    ...COUNT_UP,
  ];
  return { operations, read: (results) => readNumbers(results.at(-1)) };
}

function startAgain(column: "next_cfg" | "cur_cfg"): Operation {
  const where: Condition[] = [[column, ">", Number.MAX_SAFE_INTEGER]];
  return { op: "update", table: "Open_vSwitch", where, row: { [column]: 0 } };
}
