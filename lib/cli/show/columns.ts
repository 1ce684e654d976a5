/**
 * What a line says of a mirror, before its ports.
 *
 * @module
 */

import type { Cell } from "./layout.ts";
import { totalRate, totals } from "../../observe/model.ts";
import { formatBytes, formatRate } from "../../observe/units.ts";
import type { JudgedMirror, Verdict } from "../../observe/verdict.ts";
import { nameOf, ownerOf } from "../../observe/words.ts";

/** What stands for a number that is not known. */
const UNKNOWN = "-";

/**
 * Names the columns.
 *
 * @param withRates Whether there are rates.
 * @param others Further columns.
 * @returns The cells of the first line.
 */
export function headerCells(withRates: boolean, ...others: string[]): Cell[] {
  // What is carried a second leaves no room on a usual terminal for all totals.
  const numbers = withRates
    ? ["PACKETS", "DROPPED", "PACKETS/S", "BYTES/S", "DROPPED/S"]
    : ["PACKETS", "BYTES", "DROPPED"];
  return [
    ...["MIRROR", "BRIDGE", "OWNER"].map((text): Cell => ({ text, style: "dim" })),
    ...numbers.map((text): Cell => ({ text, style: "dim", right: true })),
    ...["VERDICT", ...others].map((text): Cell => ({ text, style: "dim" })),
  ];
}

/**
 * Describes a mirror.
 *
 * @param mirror The mirror.
 * @param withRates Whether to tell its rates.
 * @returns A cell for each column.
 */
export function mirrorCells(mirror: JudgedMirror, withRates: boolean): Cell[] {
  const { packets, bytes, dropped } = totals(mirror);
  const rate = totalRate(mirror);
  const numbers = withRates
    ? [
      number(packets, String),
      number(dropped, String),
      number(rate?.packets, formatRate),
      number(rate?.bytes, formatBytes),
      number(rate?.dropped, formatRate),
    ]
    : [number(packets, String), number(bytes, formatBytes), number(dropped, String)];
  const { name, bridge, verdict } = mirror;
  return [
    { text: nameOf(name), style: "bold" },
    { text: nameOf(bridge) },
    { text: ownerOf(mirror) },
    ...numbers.map((text): Cell => ({ text, right: true })),
    { text: verdict.words.join(", "), style: styleOf(verdict) },
  ];
}

function number(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? UNKNOWN : format(value);
}

function styleOf({ problem, foreign }: Verdict): Cell["style"] {
  if (problem) return foreign ? undefined : "red";
  return "green";
}
