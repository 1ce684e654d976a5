/**
 * Checks whether the switch could open ports, once it has applied a change.
 *
 * @module
 */

import { isRow, type Operation, select } from "../../ovsdb/operation.ts";
import { type OperationResult, selectedRows } from "../../ovsdb/result.ts";
import { atoms, EMPTY } from "../../ovsdb/value.ts";

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
 * Reports whether the switch could open the ports. Only the switch knows, once it has applied the
 * change.
 *
 * @param results The answers to {@linkcode askOpened}'s operations.
 * @returns False if a port is gone, or the switch could not open it.
 */
export function areOpened(results: readonly OperationResult[]): boolean {
  return results.every((result, index) => {
    const [row] = selectedRows(result);
    return index % 2 === 0 ? row !== undefined : atoms(row?.ofport ?? EMPTY)[0] !== -1;
  });
}
