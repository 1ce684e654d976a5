/**
 * Mirrors as text: a line for each mirror, and below it one for each port.
 *
 * @module
 */

import { type Cell, fillUp, layOut, type Line, measure, type Paper } from "./layout.ts";
import type { Rates } from "./rates.ts";
import { formatBytes, formatRate } from "./units.ts";
import type { JudgedMirror, Verdict } from "./verdict.ts";
import { nameOf, outputOf, ownerOf, sourcesOf, vlansOf } from "./words.ts";

/** What stands for a number that is not known. */
const UNKNOWN = "-";

/**
 * Writes mirrors as a table.
 *
 * @param mirrors The mirrors.
 * @param paper How wide it may be and whether it takes colour.
 * @param rates What the mirrors carry a second, if that is to be told.
 * @returns The table.
 */
export function formatTable(
  mirrors: readonly JudgedMirror[],
  paper: Paper,
  rates?: Rates,
): string {
  if (mirrors.length === 0) return "There are no mirrors.\n";
  const header = headerCells(rates !== undefined);
  const blocks = mirrors.map((mirror) => ({
    head: mirrorCells(mirror, rates),
    ports: portCells(mirror),
  }));
  const headPads = measure([header, ...blocks.map(({ head }) => head)]);
  const portPads = measure(blocks.flatMap(({ ports }) => ports));
  const lines = blocks.flatMap(({ head, ports }): Line[] => [
    { indent: 0, cells: fillUp(head, headPads) },
    ...ports.map((cells) => ({ indent: 2, cells: fillUp(cells, portPads) })),
  ]);
  return layOut([{ indent: 0, cells: fillUp(header, headPads) }, ...lines], paper);
}

function headerCells(withRates: boolean): Cell[] {
  const numbers = ["PACKETS", "BYTES", ...withRates ? ["PACKETS/S", "BYTES/S"] : []];
  return [
    ...["MIRROR", "BRIDGE", "OWNER"].map((text): Cell => ({ text, style: "dim" })),
    ...numbers.map((text): Cell => ({ text, style: "dim", right: true })),
    { text: "VERDICT", style: "dim" },
  ];
}

function mirrorCells(mirror: JudgedMirror, rates: Rates | undefined): Cell[] {
  const { id, name, bridge, traffic, verdict } = mirror;
  const rate = rates?.get(id);
  const numbers = [
    traffic ? String(traffic.packets) : UNKNOWN,
    traffic ? formatBytes(traffic.bytes) : UNKNOWN,
  ];
  if (rates) {
    numbers.push(rate ? formatRate(rate.packets) : UNKNOWN);
    numbers.push(rate ? formatBytes(rate.bytes) : UNKNOWN);
  }
  return [
    { text: nameOf(name), style: "bold" },
    { text: nameOf(bridge) },
    { text: ownerOf(mirror) },
    ...numbers.map((text): Cell => ({ text, right: true })),
    { text: verdict.words.join(", "), style: styleOf(verdict) },
  ];
}

function styleOf({ problem, foreign }: Verdict): Cell["style"] {
  if (problem) return foreign ? undefined : "red";
  return "green";
}

function portCells(mirror: JudgedMirror): Cell[][] {
  const output = outputOf(mirror);
  const vlans = vlansOf(mirror);
  return [
    ...[...sourcesOf(mirror), ...output ? [output] : []].map(({ role, name, pod }) => [
      { text: role },
      { text: name },
      ...pod.map((text) => ({ text })),
    ]),
    ...vlans ? [[{ text: "only" }, { text: vlans }]] : [],
  ];
}
