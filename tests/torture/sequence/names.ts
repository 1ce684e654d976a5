/**
 * Rows by their names, as identifiers are others in each run.
 *
 * @module
 */

import type { Row } from "../../model/database/row.ts";
import { named, only } from "../../model/switch/rows.ts";
import type { Random } from "../random.ts";
import { type Site, SITES } from "./cast.ts";
import type { State } from "./port_cells.ts";

/** The name of a row. */
export function nameOf(row: Row): string {
  return `${only(row, "name")}`;
}

/** The name of any row of a table, if it has one. */
export function pickNamed(random: Random, table: ReadonlyMap<string, Row>): string | undefined {
  const names = Array.from(table.values(), nameOf).sort();
  return names.length > 0 ? random.pick(names) : undefined;
}

/** The database that has a port of a name. */
export function siteOf(state: State, port: string): Site | undefined {
  return SITES.find((site) => named(state[site]!.Port, port).length > 0);
}
