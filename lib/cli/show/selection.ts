/**
 * The mirrors that were asked for.
 *
 * @module
 */

import type { Tables } from "../../ovsdb/monitor.ts";
import { CommandError, EXIT } from "../errors.ts";
import { quote } from "../text.ts";
import { readMirrors } from "./model.ts";
import type { Selection } from "./request.ts";
import { judge, type JudgedMirror } from "./verdict.ts";

/**
 * Picks mirrors.
 *
 * @param tables The database.
 * @param selection Which mirrors; they are judged with all others in view.
 * @returns Those mirrors, by bridge and name.
 */
export function selectMirrors(tables: Tables, selection: Selection): JudgedMirror[] {
  const { bridge, mirror } = selection;
  return judge(readMirrors(tables)).filter((judged) =>
    (bridge === undefined || judged.bridge === bridge) &&
    (mirror === undefined || judged.name === mirror)
  );
}

/**
 * Makes sure that what was asked for by name is there.
 *
 * @param tables The database.
 * @param selection What was asked for.
 * @param found The mirrors found.
 * @throws {CommandError} It is not.
 */
export function demandFound(
  tables: Tables,
  { bridge, mirror }: Selection,
  found: readonly JudgedMirror[],
): void {
  const bridges = Array.from(tables.get("Bridge")?.values() ?? [], ({ name }) => name);
  if (bridge !== undefined && !bridges.includes(bridge)) {
    throw new CommandError(`there is no bridge ${quote(bridge)} on this switch`, EXIT.problem);
  }
  if (mirror !== undefined && found.length === 0) {
    const where = bridge === undefined ? "this switch" : `bridge ${quote(bridge)}`;
    throw new CommandError(`there is no mirror ${quote(mirror)} on ${where}`, EXIT.problem);
  }
}
