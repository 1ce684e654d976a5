/**
 * The columns of a mirror in the table, before those of its ports.
 *
 * @module
 */

import { type Cell, GAP, measure } from "./layout.ts";
import { type Rate, totalRate, type Totals, totals } from "../../observe/model.ts";
import { formatBytes, formatRate } from "../../observe/units.ts";
import type { JudgedMirror, MirrorVerdict } from "../../observe/verdict.ts";
import { atLeast, atMost, nameOf, ownerOf } from "../../observe/words.ts";

/** Numbers of a mirror, as far as they are known. */
interface Numbers {
  total: Totals;
  rate?: Partial<Rate>;
}

/** A column. */
interface Column {
  heading: string;
  cell(mirror: JudgedMirror, numbers: Numbers): Cell;
}

const MIRROR: Column = {
  heading: "MIRROR",
  cell: ({ name }) => ({ text: nameOf(name), style: "bold" }),
};
const BRIDGE: Column = { heading: "BRIDGE", cell: ({ bridge }) => ({ text: nameOf(bridge) }) };
const OWNER: Column = { heading: "OWNER", cell: (mirror) => ({ text: ownerOf(mirror) }) };
const VERDICT: Column = {
  heading: "VERDICT",
  cell: ({ verdict }) => ({ text: verdict.words.join(", "), style: styleOf(verdict) }),
};

const PACKETS = numberColumn("PACKETS", ({ total }) => known(total.packets, String));
const BYTES = numberColumn(
  "BYTES",
  ({ total }) => known(total.bytes, (bytes) => atMost(total.isCut) + formatBytes(bytes)),
);
const DROPPED = numberColumn(
  "DROPPED",
  ({ total }) => known(total.dropped, (dropped) => atLeast(total.isLeast) + dropped),
);
const RATES = [
  numberColumn("PACKETS/S", ({ rate }) => known(rate?.packets, formatRate)),
  numberColumn(
    "BYTES/S",
    ({ rate }) => known(rate?.bytes, (bytes) => atMost(rate?.isCut) + formatBytes(bytes)),
  ),
  numberColumn("DROPPED/S", ({ rate }) => known(rate?.dropped, formatRate)),
];

function numberColumn(heading: string, text: (numbers: Numbers) => string): Column {
  return { heading, cell: (_, numbers) => ({ text: text(numbers), right: true }) };
}

/** Formats a value; an unknown one is a dash. */
function known(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "-" : format(value);
}

function styleOf({ problem, foreign }: MirrorVerdict): Cell["style"] {
  if (problem) return foreign ? undefined : "red";
  return "green";
}

/** The columns, in their order, and in the order in which they go where there is no room. */
const USUAL = [MIRROR, BRIDGE, OWNER, PACKETS, BYTES, DROPPED, VERDICT];
const WITH_RATES = [MIRROR, BRIDGE, OWNER, PACKETS, DROPPED, ...RATES, VERDICT];
const GOING = [OWNER, BYTES, PACKETS, DROPPED, BRIDGE, ...RATES.toReversed()];

/**
 * Describes mirrors.
 *
 * @param withRates Whether to tell their rates.
 * @param width Columns of the terminal.
 * @returns Cells for the first line and for each mirror. The verdict is the last; where there is no
 * room, other columns are left out.
 */
export function mirrorCells(
  mirrors: readonly JudgedMirror[],
  withRates: boolean,
  width = Infinity,
): Cell[][] {
  const numbers = mirrors.map((mirror) => ({ total: totals(mirror), rate: totalRate(mirror) }));
  const columns = withRates ? WITH_RATES : USUAL;
  const table = columns.map(({ heading, cell }): Cell[] => {
    const cells = mirrors.map((mirror, index) => cell(mirror, numbers[index]!));
    return [{ text: heading, style: "dim", right: cells[0]?.right }, ...cells];
  });
  const widths = table.map((cells) => measure(cells.map((cell) => [cell]), Infinity)[0]! + GAP);
  let needed = widths.reduce((sum, one) => sum + one, -GAP);
  const gone = new Set<number>();
  for (const column of GOING) {
    const place = columns.indexOf(column);
    if (needed <= width) break;
    if (place < 0) continue;
    gone.add(place);
    needed -= widths[place]!;
  }
  const left = table.filter((_, place) => !gone.has(place));
  return left[0]!.map((_, row) => left.map((cells) => cells[row]!));
}
