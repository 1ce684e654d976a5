/**
 * A server's checks and clean-up at the end of a transaction.
 *
 * Source: RFC 7047 sections 3.2 and 4.1.3.
 *
 * @module
 */

import type { Datum } from "./datum.ts";
import { SCHEMA, type TableName, UNIQUE_NAMES } from "./schema.ts";
import { Failure, type Row, type Tables } from "./row.ts";

/**
 * Removes rows that nothing keeps and references to rows that are gone, and checks what must
 * always be so.
 *
 * @param tables The rows; changed.
 * @throws {Failure} The transaction may not take effect.
 */
export function commit(tables: Tables): void {
  keepReferenced(tables);
  dropDangling(tables);
  for (const name of UNIQUE_NAMES) checkUnique([...tables[name].values()]);
}

/** Only bridges keep rows, and they are roots, so one pass finds all that are kept. */
function keepReferenced(tables: Tables): void {
  for (const [column, { refersTo, strong }] of Object.entries(SCHEMA.Bridge)) {
    if (!refersTo || !strong) continue;
    const kept = new Set(tables.Bridge.values().flatMap((row) => row[column]!.keys()));
    for (const id of kept) {
      if (!tables[refersTo].has(`${id}`)) throw new Failure("referential integrity violation");
    }
    for (const id of tables[refersTo].keys()) if (!kept.has(id)) tables[refersTo].delete(id);
  }
}

function dropDangling(tables: Tables): void {
  for (const [id, row] of tables.Mirror) {
    const present = Object.entries(row).map(([name, datum]) => {
      const { refersTo } = SCHEMA.Mirror[name]!;
      return [name, refersTo ? presentIn(tables[refersTo], datum) : datum] as const;
    });
    if (present.some(([name, datum]) => datum !== row[name])) {
      tables.Mirror.set(id, Object.fromEntries(present));
    }
  }
}

function presentIn(rows: ReadonlyMap<string, Row>, datum: Datum): Datum {
  const present = [...datum].filter(([id]) => rows.has(`${id}`));
  return present.length === datum.size ? datum : new Map(present);
}

function checkUnique(rows: readonly Row[]): void {
  const names = new Set(rows.map((row) => row.name!.keys().next().value));
  if (names.size < rows.length) throw new Failure("constraint violation");
}

/** A copy, so that a failed transaction leaves the original alone. Rows are shared. */
export function copy(tables: Tables): Tables {
  const copies = Object.entries(tables).map(([name, rows]) => [name, new Map(rows)]);
  return Object.fromEntries(copies) as Record<TableName, Map<string, Row>>;
}
