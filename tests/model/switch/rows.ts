/**
 * Looking at the rows of a switch.
 *
 * @module
 */

import { equals, type Key } from "../database/datum.ts";
import type { Row, Tables } from "../database/row.ts";
import { OURS } from "../semantics/promises.ts";

/** The one element of a column, or undefined. */
export function only(row: Row, column: string): Key | undefined {
  return row[column]!.keys().next().value;
}

/** Rows of a table that have a name. */
export function named(table: ReadonlyMap<string, Row>, name: string): Row[] {
  return [...table.values()].filter((row) => only(row, "name") === name);
}

/** The bridge of a name. */
export function bridgeNamed({ Bridge }: Tables, name: string): Row | undefined {
  return named(Bridge, name)[0];
}

/** Whether a bridge has a row among its ports or mirrors. */
export function has(bridge: Row, column: "ports" | "mirrors", id: string): boolean {
  return bridge[column]!.has(id);
}

/** Whether the plugins made a mirror. */
export function isOurs(mirror: Row): boolean {
  return mirror.external_ids!.get("owner") === OURS;
}

/** Whether a mirror is one that anyone may remove: ours, and of no use. */
export function isEmptyAndOurs(mirror: Row): boolean {
  const idle = ["select_src_port", "select_dst_port", "select_vlan", "output_port", "output_vlan"];
  return isOurs(mirror) && only(mirror, "select_all") === false &&
    idle.every((column) => mirror[column]!.size === 0);
}

/** Whether two rows hold the same, but for some columns. */
export function isSameRow(one: Row, other: Row, but: readonly string[] = []): boolean {
  return one === other ||
    Object.keys(one).every((column) =>
      but.includes(column) || equals(one[column]!, other[column]!)
    );
}

/** Whether two tables hold the same. */
export function isSameTable(
  one: ReadonlyMap<string, Row>,
  other: ReadonlyMap<string, Row>,
  but: readonly string[] = [],
): boolean {
  return one.size === other.size &&
    one.entries().every(([id, row]) => other.has(id) && isSameRow(row, other.get(id)!, but));
}

/** Whether two databases hold the same, but for nudges. */
export function isSame(one: Tables, other: Tables): boolean {
  return isSameTable(one.Bridge, other.Bridge) && arePortsSame(one, other) &&
    isSameTable(one.Mirror, other.Mirror);
}

/** Whether the ports of two databases are the same, but for what makes the switch look again. */
export function arePortsSame(one: Tables, other: Tables): boolean {
  const [before, after] = [one, other].map(({ Port }) =>
    new Map(Port.entries().map(([id, row]) => [id, withoutNudge(row)]))
  );
  return isSameTable(before!, after!);
}

function withoutNudge({ other_config, external_ids, ...row }: Row): Row {
  const but = (datum: Row[string], name: string) =>
    new Map([...datum].filter(([key]) => key !== name));
  return {
    ...row,
    other_config: but(other_config!, "qinq-ethtype"),
    external_ids: but(external_ids!, "ovs-mirror-nudge"),
  };
}
