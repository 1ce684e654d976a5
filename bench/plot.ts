/**
 * The picture of a run: wall time of each command next to the floor.
 *
 * @module
 */

import { type Chart, draw, HEIGHT, type Line, WIDTH } from "./chart.ts";
import { COMMANDS } from "./contestant.ts";
import type { PartResult } from "./report.ts";
import { element, picture } from "./svg.ts";

/** Parts that are shown. */
const SHOWN = ["ports", "mirrors", "calls"];

/** Charts side by side. */
const COLUMNS = 2;

/** Colours that are told apart on light and dark, and by those who see few colours. */
const STYLE = `
text{font:12px system-ui,sans-serif;fill:#57606a}
.title{font-weight:600;font-size:13px;fill:#24292f}
.tick-x{text-anchor:middle}.tick-y{text-anchor:end}
.grid{stroke:#8c959f;stroke-opacity:.25}.floor{stroke:#8c959f;stroke-dasharray:4 3}
polyline{fill:none;stroke-width:1.5}g line{stroke-width:1}
.ADD{stroke:#0969da;fill:#0969da}.CHECK{stroke:#2da44e;fill:#2da44e}.DEL{stroke:#bc4c00;fill:#bc4c00}
.peer{stroke-dasharray:3 3}polyline{fill:none!important}.label{stroke:none}
@media(prefers-color-scheme:dark){text{fill:#9198a1}.title{fill:#e6edf3}
.ADD{stroke:#58a6ff;fill:#58a6ff}.CHECK{stroke:#3fb950;fill:#3fb950}.DEL{stroke:#f0883e;fill:#f0883e}}
`;

/**
 * Draws the results.
 *
 * @param results The parts of a run.
 * @returns The content of an SVG file.
 */
export function plot(results: readonly PartResult[]): string {
  const charts = results.filter(({ name }) => SHOWN.includes(name)).flatMap(chartsOf);
  const rows = Math.ceil(charts.length / COLUMNS);
  const content = charts.map((chart, index) => {
    const x = WIDTH * (index % COLUMNS);
    const y = HEIGHT * Math.floor(index / COLUMNS);
    return element("g", { transform: `translate(${x} ${y})` }, draw(chart));
  });
  const title = "Wall time of a call, relative to an empty program: medians and quartiles";
  return picture(WIDTH * COLUMNS, HEIGHT * Math.max(1, rows), title, STYLE, content);
}

function chartsOf(part: PartResult): Chart[] {
  const values = unique(part.rows.map(({ at }) => at));
  return unique(part.rows.map(({ role }) => role)).map((role) => ({
    title: `${role}: wall time / empty program`,
    varied: part.varied,
    values,
    lines: unique(part.rows.map(({ contestant }) => contestant)).flatMap((contestant) =>
      COMMANDS.map((command) => lineOf(part, values, { role, contestant, command }))
    ),
  }));
}

function lineOf(
  { rows }: PartResult,
  values: readonly number[],
  { role, contestant, command }: { role: string; contestant: string; command: string },
): Line {
  const isOurs = contestant === "ours";
  return {
    label: isOurs ? command : `${command} ${contestant}`,
    kind: isOurs ? command : `${command} peer`,
    points: values.map((value) =>
      rows.find((row) =>
        row.at === value && row.role === role && row.contestant === contestant &&
        row.command === command
      )?.figures.wall?.ratio
    ),
  };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
