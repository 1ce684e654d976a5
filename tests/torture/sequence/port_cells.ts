/**
 * Ports in the columns of mirrors.
 *
 * @module
 */

import type { PortColumn } from "../../../lib/mirror/role.ts";
import { idOf, type Row, type Tables } from "../../model/database/row.ts";
import { only } from "../../model/switch/rows.ts";

/** The rows of both databases. */
export type State = readonly Tables[];

/** The columns of mirrors that hold ports. */
export const PORT_COLUMNS: readonly PortColumn[] = [
  "select_src_port",
  "select_dst_port",
  "output_port",
];

/** A port in a column of a mirror. */
export interface Cell {
  /** The row of the mirror. */
  mirror: Row;
  column: PortColumn;
  /** Identifier of the port's row. */
  port: string;
  /** All of that, in names. */
  text: string;
}

/** Cells, each by a text that is the same as long as it is the same rows. */
export type Cells = ReadonlyMap<string, Cell>;

/** All cells of both switches. */
export function cellsIn(state: State): Cells {
  return new Map(
    state.flatMap((tables) => Array.from(cellsOf(tables), (cell) => [keyOf(cell), cell])),
  );
}

/** Tells a cell from others; rows of two databases never have the same identifier. */
export function keyOf({ mirror, column, port }: Omit<Cell, "text">): string {
  return `${idOf(mirror)} ${column} ${port}`;
}

function cellsOf({ Mirror, Port }: Tables): Cell[] {
  return [...Mirror.values()].flatMap((mirror) =>
    PORT_COLUMNS.flatMap((column) =>
      Array.from(mirror[column]!.keys(), (key): Cell => {
        const port = `${key}`;
        const text = `port ${only(Port.get(port)!, "name")} in ${column} of ${
          only(mirror, "name")
        }`;
        return { mirror, column, port, text };
      })
    )
  );
}
