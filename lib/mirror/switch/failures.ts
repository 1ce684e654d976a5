/**
 * Refusals of changes that the switch has not carried out. Loaded only if there is one.
 *
 * @module
 */

import { MAX_ANSWER, quote } from "../../input/shape.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { atoms, EMPTY, readString } from "../../ovsdb/value.ts";
import { Refusal } from "../refusal.ts";
import type { UsedPort } from "./port_opened.ts";

/**
 * Refuses the first port that is gone, or that the switch could not open.
 *
 * @param bridge The bridge's name.
 * @param ports The ports.
 * @param results The answers to `askOpened()`'s operations.
 * @throws {Refusal} There is one.
 */
export function refuseUnopened(
  bridge: string,
  ports: readonly UsedPort[],
  results: readonly OperationResult[],
): void {
  ports.forEach(({ name, remote }, index) => {
    const isThere = selectedRows(results[2 * index]).length > 0;
    const [state] = selectedRows(results[2 * index + 1]);
    const what = remote === undefined ? "" : `the tunnel to ${remote}, `;
    const where = `${what}port ${quote(name)} of bridge ${quote(bridge)}`;
    if (!isThere) {
      const hint =
        "the pod may have been deleted meanwhile; otherwise find out who deleted the port";
      throw new Refusal("port not opened", `No packet reaches the mirror: ${where} is gone`, hint);
    }
    if (!state || atoms(state.ofport ?? EMPTY)[0] !== -1) return;
    const [why] = atoms(state.error ?? EMPTY);
    const said = why === undefined
      ? "the switch does not say why"
      : quote(readString(why), MAX_ANSWER);
    throw new Refusal(
      "port not opened",
      `No packet reaches the mirror: the switch could not open ${where}: ${said}`,
      remote === undefined
        ? "see ovs-vswitchd's log; the pod's end of the interface may be gone already"
        : "see ovs-vswitchd's log: does another port of the switch have the same tunnel, or is " +
          "this version too old for it? ERSPAN needs Open vSwitch 2.10",
    );
  });
}

/**
 * Makes the refusal of a change that the switch has not applied in time.
 *
 * @returns The refusal.
 */
export function notInForce(): Refusal {
  return new Refusal(
    "not in force",
    "The database has the attachment, but ovs-vswitchd has not taken the mirror up in time",
    "is ovs-vswitchd running, and what is it busy with? DEL takes the attachment back",
  );
}
