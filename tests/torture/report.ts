/**
 * The final report.
 *
 * @module
 */

import type { Tally } from "./tally.ts";

/** One kind of torture and what came of it. */
export interface Line {
  name: string;
  tally: Tally;
  seconds: number;
}

/** Writes a table, in Markdown, and the further figures below it. */
export function table(lines: readonly Line[]): string {
  const head = ["kind", "cases", "faults", "lost", "seconds"];
  const rows = lines.map(({ name, tally, seconds }) => [
    name,
    String(tally.cases),
    String(tally.faults),
    String(tally.losses.length),
    seconds.toFixed(0),
  ]);
  const figures = lines.flatMap(({ name, tally }) =>
    Array.from(tally.figures, ([figure, value]) => `${name}: ${figure}: ${value}`).sort()
  );
  return [...aligned([head, ...rows]), "", ...figures].join("\n");
}

function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  const lines = rows.map((row) => `| ${row.map(pad).join(" | ")} |`);
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"
  );
  return [lines[0]!, `| ${rule.join(" | ")} |`, ...lines.slice(1)];
}
