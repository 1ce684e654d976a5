/**
 * Checks whether the switch could open ports, once it has applied a change.
 *
 * @module
 */

import { MAX_ANSWER, quote } from "../../input/shape.ts";
import { isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { atoms, EMPTY, readString } from "../../ovsdb/value.ts";
import { Refusal } from "../refusal.ts";

/** A port that packets pass through. */
export interface UsedPort {
  /** Its row; a tunnel's port is looked up by its name. */
  id?: string;
  /** Its name. */
  name: string;
  /** The far end of the tunnel that it is the port of. */
  remote?: string;
}

/**
 * Asks whether the switch could open ports.
 *
 * @param ports The ports.
 * @returns The operations, two for each port.
 */
export function askOpened(ports: readonly UsedPort[]): Operation[] {
  return ports.flatMap(({ id, name }) => [
    select("Port", [id === undefined ? ["name", "==", name] : isRow(id)], ["_uuid"]),
    select("Interface", [["name", "==", name]], ["ofport", "error"]),
  ]);
}

/**
 * Makes sure that the switch could open the ports. Only the switch knows, once it has applied the
 * change.
 *
 * @param bridge The bridge's name.
 * @param ports The ports.
 * @param results What the server answered to {@linkcode askOpened}'s operations.
 * @throws {Refusal} A port is gone, or the switch could not open it.
 */
export function assertOpened(
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
