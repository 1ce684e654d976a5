/**
 * The mirrors of a switch, in names.
 *
 * @module
 */

import { idOf, type Row, type Tables } from "../database/row.ts";
import type { MirrorLayout } from "./layout.ts";
import { has, only } from "./rows.ts";

/**
 * Lists the mirrors.
 *
 * @returns What each is, without further columns; sorted by name.
 */
export function mirrorsIn({ Bridge, Port, Mirror }: Tables): MirrorLayout[] {
  const name = (row: Row) => `${only(row, "name")}`;
  const ports = (row: Row, column: string) =>
    Array.from(row[column]!.keys(), (id) => name(Port.get(`${id}`)!)).sort();
  return Array.from(Mirror.values(), (row) => ({
    name: name(row),
    bridge: name(Bridge.values().find((bridge) => has(bridge, "mirrors", idOf(row)))!),
    owner: row.external_ids!.get("owner") ?? undefined,
    src: ports(row, "select_src_port"),
    dst: ports(row, "select_dst_port"),
    output: ports(row, "output_port")[0],
  })).sort((one, other) => one.name < other.name ? -1 : 1);
}
