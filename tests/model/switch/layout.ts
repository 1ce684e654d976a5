/**
 * What is on a switch, in names, and how to make a database of it.
 *
 * @module
 */

import { OWNER } from "../../../lib/mirror/snapshot/snapshot.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { stringMap, type Value } from "../../../lib/ovsdb/value.ts";
import { ModelDatabase } from "../database/database.ts";

/** A port and the marks that the `ovs` plugin gave it, if it did. */
export interface PortLayout {
  name: string;
  bridge: string;
  marks?: { contNetns: string; contIface: string };
}

/** A mirror. Ports that are not on the switch are passed over. */
export interface MirrorLayout {
  name: string;
  bridge: string;
  owner?: string;
  src?: readonly string[];
  dst?: readonly string[];
  output?: string;
  /** Further columns, such as `select_all`. */
  others?: Readonly<Record<string, Value>>;
}

/** Mirrors that fill a bridge; some of them may be removed. */
export interface Filling {
  bridge: string;
  useful: number;
  removable: number;
}

/** All that is on a switch. What stands on a bridge that is not there is passed over. */
export interface Layout {
  bridges: readonly string[];
  ports: readonly PortLayout[];
  mirrors: readonly MirrorLayout[];
  filling?: Filling;
}

/**
 * Makes a database.
 *
 * @param layout What is to be in it.
 */
export function build(layout: Layout): ModelDatabase {
  const database = new ModelDatabase();
  database.transact(layoutOperations(layout));
  return database;
}

/**
 * Writes a layout as one transaction.
 *
 * @returns Insertions of all its rows.
 */
export function layoutOperations({ bridges, ports, ...layout }: Layout): Operation[] {
  const mirrors = [...layout.mirrors, ...fillers(layout.filling)];
  const present = ports.filter(({ bridge }) => bridges.includes(bridge));
  const label = (kind: string) => (index: number) => `${kind}${index}`;
  const portLabel = new Map(present.map(({ name }, index) => [name, label("port")(index)]));
  const references = (names: readonly string[]) =>
    labels(names.flatMap((name) => portLabel.get(name) ?? []));
  const labelsOn = (rows: readonly { bridge: string }[], kind: string, bridge: string) =>
    labels(rows.flatMap((row, index) => row.bridge === bridge ? label(kind)(index) : []));
  return [
    ...present.map(({ name, marks = {} }, index): Operation => ({
      op: "insert",
      table: "Port",
      row: { name, external_ids: stringMap(marks) },
      "uuid-name": label("port")(index),
    })),
    ...mirrors.map((mirror, index): Operation => ({
      op: "insert",
      table: "Mirror",
      row: mirrorRow(mirror, references),
      "uuid-name": label("mirror")(index),
    })),
    ...bridges.map((name): Operation => ({
      op: "insert",
      table: "Bridge",
      row: {
        name,
        ports: labelsOn(present, "port", name),
        mirrors: labelsOn(mirrors, "mirror", name),
      },
    })),
  ];
}

function fillers(filling: Filling | undefined): MirrorLayout[] {
  if (!filling) return [];
  const { bridge, useful, removable } = filling;
  return Array.from({ length: useful + removable }, (_, index) => ({
    name: `filler${index}`,
    bridge,
    owner: OWNER,
    others: { select_all: index < useful },
  }));
}

function mirrorRow(
  { name, owner, src = [], dst = [], output, others }: MirrorLayout,
  references: (names: readonly string[]) => Value,
): Record<string, Value> {
  return {
    name,
    external_ids: stringMap(owner === undefined ? {} : { owner }),
    select_src_port: references(src),
    select_dst_port: references(dst),
    output_port: references(output === undefined ? [] : [output]),
    ...others,
  };
}

function labels(names: readonly string[]): Value {
  return ["set", names.map((name) => ["named-uuid", name] as const)];
}
