/**
 * What the switch made of ports, once it has taken a change up.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import { isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { atoms, EMPTY, readString } from "../../ovsdb/value.ts";
import { Refusal } from "../refusal.ts";

/**
 * Asks what the switch made of ports.
 *
 * @param ports The ports.
 * @returns The operations, two for each port.
 */
export function askOpened(ports: readonly { id: string; name: string }[]): Operation[] {
  return ports.flatMap(({ id, name }) => [
    select("Port", [isRow(id)], ["_uuid"]),
    select("Interface", [["name", "==", name]], ["ofport", "error"]),
  ]);
}

/**
 * Makes sure that the switch could open the ports. Only it can say so, and only once it has taken
 * the change up.
 *
 * @param bridge The bridge's name.
 * @param ports The ports.
 * @param results What the server answered to {@linkcode askOpened}'s operations.
 * @throws {Refusal} A port is gone, or the switch could not open it.
 */
export function assertOpened(
  bridge: string,
  ports: readonly { name: string }[],
  results: readonly OperationResult[],
): void {
  ports.forEach(({ name }, index) => {
    const isThere = selectedRows(results[2 * index]).length > 0;
    const [state] = selectedRows(results[2 * index + 1]);
    const where = `port ${quote(name)} of bridge ${quote(bridge)}`;
    if (!isThere) {
      const hint =
        "the pod may have been deleted meanwhile; otherwise find out who deleted the port";
      throw new Refusal("port not opened", `No packet reaches the mirror: ${where} is gone`, hint);
    }
    if (!state || atoms(state.ofport ?? EMPTY)[0] !== -1) return;
    const [why] = atoms(state.error ?? EMPTY);
    const said = why === undefined ? "the switch does not say why" : quote(readString(why));
    throw new Refusal(
      "port not opened",
      `No packet reaches the mirror: the switch could not open ${where}: ${said}`,
      "see ovs-vswitchd's log; the pod's end of the interface may be gone already",
    );
  });
}
