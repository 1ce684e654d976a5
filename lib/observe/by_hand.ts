/**
 * Attachments by hand, as far as a mirror's row shows them.
 *
 * @module
 */

import { type ByHand, byHandIn, INTERNAL, MAX_STRAY, SINCE } from "../mirror/plan/by_hand.ts";
import type { Tables } from "../ovsdb/monitor.ts";
import type { Row } from "../ovsdb/value.ts";
import type { HandAttachment } from "./port.ts";
import { map, references } from "./row_values.ts";

/**
 * Reads which ports are attached by hand.
 *
 * @param rows Rows of `Mirror` and their identifiers.
 * @param end As what they are attached.
 * @returns Rows of `Port`, and how each is attached.
 */
export function byHandOf(
  rows: Iterable<readonly [id: string, row: Row]>,
  end: "source" | "output",
): Map<string, HandAttachment> {
  const isMeant = ({ columns }: ByHand) =>
    columns.some((column) => (column === "output_port") === (end === "output"));
  return new Map(
    Array.from(rows).flatMap(entriesOf).filter(isMeant).map(({ port, until }) => {
      const time = until === undefined ? NaN : until * 1000;
      // A date that JavaScript does not have is none.
      const isTime = Math.abs(time) <= 8.64e15;
      return [port, isTime ? { until: new Date(time).toISOString() } : {}];
    }),
  );
}

function entriesOf([id, row]: readonly [id: string, row: Row]): ByHand[] {
  return row.external_ids === undefined ? [] : byHandIn({ ...row, _uuid: ["uuid", id] });
}

/**
 * Tells whether something is there that was attached by hand and has ended, or has lost its port, its
 * mirror or its source.
 *
 * @param tables The rows.
 * @param now The time, in milliseconds since 1970.
 * @returns Whether it is to be taken back.
 */
export function hasEnded(tables: Tables, now: number): boolean {
  const [mirrors, ports] = ["Mirror", "Port"].map((table) => tables.get(table) ?? new Map());
  const entries = Array.from(mirrors!).flatMap(entriesOf);
  if (entries.some(({ port, until = Infinity }) => until * 1000 <= now || !ports!.has(port))) {
    return true;
  }
  const isStray = (row: Row) => {
    const marks = map(row, "external_ids");
    const [[key, value]] = Object.entries(INTERNAL) as [[string, string]];
    return marks.get(key) === value && now - Number(marks.get(SINCE)) > MAX_STRAY;
  };
  return Array.from(ports!).some(([id, row]) => isStray(row) && !isUsed(id, mirrors!.values()));
}

/** Reports whether a port gets copies of what some port sends or receives. */
function isUsed(port: string, mirrors: Iterable<Row>): boolean {
  return Array.from(mirrors).some((row) =>
    references(row, "output_port").includes(port) &&
    (row.select_all === true || references(row, "select_src_port").length > 0 ||
      references(row, "select_dst_port").length > 0)
  );
}
