/**
 * Databases for the tests of `show`, described by names.
 *
 * @module
 */

import { OWNER } from "../../../lib/mirror/snapshot/snapshot.ts";
import type { Tables } from "../../../lib/ovsdb/monitor.ts";
import { type Row, stringMap, uuidSet, type Value } from "../../../lib/ovsdb/value.ts";
import { readMirrors } from "../../../lib/observe/model.ts";
import type { Report } from "../../../lib/observe/report.ts";
import type { SwitchState } from "../../../lib/observe/switch.ts";
import { judge, type JudgedMirror } from "../../../lib/observe/verdict.ts";

/** A port. */
export interface PortSpec {
  name: string;
  /** The marks of the `ovs` plugin. */
  marks?: Record<string, string>;
  /** Columns of its interfaces, where they are not those of one that is up. */
  interfaces?: Row[];
}

/** A mirror; one of ours, with neither sources nor output, unless it says otherwise. */
export interface MirrorSpec {
  name: string;
  /** Its row's identifier. */
  id?: string;
  /** Names of ports. */
  src?: readonly string[];
  /** Names of ports. */
  dst?: readonly string[];
  /** Name of a port. */
  out?: string;
  owner?: string | null;
  /** Packets and bytes that it carried. */
  carried?: readonly [packets: number, bytes: number];
  /** Further columns. */
  columns?: Row;
}

/** A bridge. */
export interface BridgeSpec {
  ports?: readonly (string | PortSpec)[];
  mirrors?: readonly MirrorSpec[];
}

const UP: Row = { type: "", link_state: "up", admin_state: "up", ofport: 1, error: ["set", []] };

/**
 * Makes the rows of a database.
 *
 * @param bridges Bridges by name.
 */
export function makeTables(bridges: Readonly<Record<string, BridgeSpec>>): Tables {
  const tables = { Bridge: new Map(), Mirror: new Map(), Port: new Map(), Interface: new Map() };
  for (const [name, { ports = [], mirrors = [] }] of Object.entries(bridges)) {
    const portSpecs = ports.map((port) => typeof port === "string" ? { name: port } : port);
    const mirrorRows = mirrors.map((mirror, index) =>
      [mirror.id ?? `${name}/${mirror.name}/${index}`, mirrorRow(mirror)] as const
    );
    tables.Bridge.set(name, {
      name,
      ports: uuidSet(portSpecs.map(({ name }) => name)),
      mirrors: uuidSet(mirrorRows.map(([id]) => id)),
    });
    for (const [id, row] of mirrorRows) tables.Mirror.set(id, row);
    for (const port of portSpecs) addPort(tables, port);
  }
  return new Map(Object.entries(tables));
}

/**
 * The mirrors of such a database, judged.
 *
 * @param bridges Bridges by name.
 */
export function makeMirrors(bridges: Readonly<Record<string, BridgeSpec>>): JudgedMirror[] {
  return judge(readMirrors(makeTables(bridges)));
}

/**
 * The same with what else is known of the switch.
 *
 * @param bridges Bridges by name.
 * @param state Whether the switch lives.
 * @param node The node's name.
 */
export function makeReport(
  bridges: Readonly<Record<string, BridgeSpec>>,
  state: SwitchState = "running",
  node?: string,
): Report {
  return { node, switch: state, mirrors: judge(readMirrors(makeTables(bridges)), state) };
}

/** A row of a port is known by the port's name. */
function addPort(
  tables: { Port: Map<string, Row>; Interface: Map<string, Row> },
  { name, marks = {}, interfaces = [UP] }: PortSpec,
): void {
  const rows = interfaces.map((row, index) => [`${name}/${index}`, { ...UP, ...row }] as const);
  for (const [id, row] of rows) tables.Interface.set(id, row);
  tables.Port.set(name, {
    name,
    external_ids: stringMap(marks),
    interfaces: uuidSet(rows.map(([id]) => id)),
  });
}

function mirrorRow({ name, src = [], dst = [], out, owner, carried, columns }: MirrorSpec): Row {
  const statistics: Value = carried
    ? ["map", [["tx_packets", carried[0]], ["tx_bytes", carried[1]]]]
    : ["map", []];
  return {
    name,
    select_all: false,
    select_src_port: uuidSet(src),
    select_dst_port: uuidSet(dst),
    select_vlan: ["set", []],
    output_port: uuidSet(out === undefined ? [] : [out]),
    output_vlan: ["set", []],
    external_ids: stringMap(owner === null ? {} : { owner: owner ?? OWNER }),
    statistics,
    ...columns,
  };
}
