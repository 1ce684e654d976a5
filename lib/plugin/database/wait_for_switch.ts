/**
 * The end of an ADD: waits until the switch has applied the change and opened the ports.
 *
 * @module
 */

import { untilInForce } from "../../mirror/switch/in_force.ts";
import { areOpened, askOpened, type UsedPort } from "../../mirror/switch/port_opened.ts";
import type { Operation } from "../../ovsdb/operation.ts";
import type { OperationResult } from "../../ovsdb/result.ts";
import { isFailedGuard } from "../../ovsdb/guarded.ts";

/** The part of a session that is needed. */
interface Transactor {
  transact(operations: readonly Operation[]): Promise<OperationResult[]>;
}

/** Milliseconds before the server is woken again; the last one is repeated. */
const PAUSES = [10, 20, 40, 80];

/**
 * Wakes a server repeatedly until it has answered.
 *
 * @param answer What it owes.
 * @param wake Asks it for anything else. How that ends does not matter.
 * @returns The answer.
 */
export async function keepAwake<Value>(
  answer: Promise<Value>,
  wake: () => Promise<unknown>,
): Promise<Value> {
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = setTimeout(() => {
      wake().catch(() => {});
      next();
    }, PAUSES[Math.min(count++, PAUSES.length - 1)]);
  };
  next();
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

/** Part of the call's time that is reserved for reporting that the wait failed, in milliseconds. */
const MARGIN = 200;

/**
 * Waits until the switch has applied a change, and makes sure that it could open the ports.
 *
 * @param session The database.
 * @param bridge The bridge's name.
 * @param change The ports, and the number of the change.
 * @param left How much time there is, in milliseconds.
 * @throws {Refusal} The switch does not apply the change in time, or could not open a port.
 */
export async function waitForSwitch(
  session: Transactor,
  bridge: string,
  { ports, number }: { ports: readonly UsedPort[]; number: number },
  left: number,
): Promise<void> {
  const waiting = untilInForce(number, left - Math.min(MARGIN, left / 2));
  const results = await session.transact([waiting, ...askOpened(ports)]).catch(async (error) => {
    if (!isFailedGuard(error)) throw error;
    const { notInForce } = await import("../../mirror/switch/failures.ts");
    throw notInForce();
  });
  const opened = results.slice(1);
  if (areOpened(opened)) return;
  const { refuseUnopened } = await import("../../mirror/switch/failures.ts");
  refuseUnopened(bridge, ports, opened);
}
