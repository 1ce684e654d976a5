/**
 * Figures as tables in Markdown. A library for that would replace the ten lines of `markdown()`.
 *
 * @module
 */

import type { Spread } from "./statistics.ts";
import type { Figure, Row } from "./summary.ts";

/** A column of figures. */
interface Column {
  heading: string;
  show(figures: Record<string, Figure>): string;
}

/** Decimal places by what was measured; whole numbers unless given. */
const PLACES: Readonly<Record<string, number>> = {
  wall: 1,
  cpu: 1,
  peak: 1,
  charged: 1,
  server: 3,
  instructions: 1,
};

const TIME: readonly Column[] = [
  { heading: "wall, ms", show: ({ wall }) => around(wall!.value, 1) },
  { heading: "floor, ms", show: ({ wall }) => around(wall!.floor, 1) },
  { heading: "wall / floor", show: ({ wall }) => around(wall!.ratio!, 3) },
  { heading: "CPU / floor", show: ({ cpu }) => around(cpu!.ratio!, 3) },
];

/**
 * Makes a table of one part.
 *
 * @param varied What the part varies.
 * @returns Lines of Markdown.
 */
export function tableOf(rows: readonly Row[], varied: string): string[] {
  if (rows.length === 0) return ["nothing to compare"];
  const columns = columnsFor(Object.keys(rows[0]!.figures), rows);
  const head = [varied, "role", "command", "of", ...columns.map(({ heading }) => heading)];
  const body = rows.map(({ at, role, command, contestant, figures }) => [
    at.toLocaleString("en"),
    role,
    command,
    contestant,
    ...columns.map(({ show }) => show(figures)),
  ]);
  return markdown([head, ...body]);
}

/**
 * Lays out a table.
 *
 * @param rows Cells, the first row being the heading.
 * @returns Lines of Markdown.
 */
export function markdown([head, ...body]: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...[head!, ...body].map((row) => row[column]!.length));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(width(column))).join(" | ")} |`;
  return [
    line(head!),
    line(head!.map((_, column) => "-".repeat(width(column)))),
    ...body.map(line),
  ];
}

/** A median with its quartiles, such as `1.05 (1.04–1.06)`; the median alone if nothing varied. */
export function around({ low, median, high }: Spread, places: number): string {
  const [from, middle, to] = [low, median, high].map((value) => number(value, places));
  return from === to ? middle! : `${middle} (${from}–${to})`;
}

function columnsFor(names: readonly string[], rows: readonly Row[]): readonly Column[] {
  if (names.includes("wall")) return TIME;
  return names.flatMap((name): Column[] => {
    const places = PLACES[name] ?? 0;
    const value = { heading: name, show: of(name, ({ value }) => around(value, places)) };
    if (rows.every(({ figures }) => figures[name]!.floor.high === 0)) return [value];
    const above = of(name, ({ difference }) => around(difference, places));
    return [value, { heading: "above the floor", show: above }];
  });
}

function of(name: string, show: (figure: Figure) => string): Column["show"] {
  return (figures) => show(figures[name]!);
}

function number(value: number, places: number): string {
  const options = { minimumFractionDigits: places, maximumFractionDigits: places };
  return value.toLocaleString("en", options);
}
