/**
 * Charts as Markdown: GitHub and most viewers draw mermaid's `xychart`.
 *
 * @module
 */

import { COMMANDS } from "./contestant.ts";
import type { Row } from "./summary.ts";

/** Colours that are told apart on light and dark, by those who see few colours too. */
const COLOURS = {
  blue: "#218bff",
  green: "#2da44e",
  orange: "#e16f24",
  violet: "#a475f9",
  grey: "#8c959f",
  red: "#fa4549",
};

/** What the axis begins and ends with is a multiple of this. */
const STEP = 0.05;

interface Line {
  label: string;
  points: number[];
}

/**
 * Draws the wall time of each command relative to the floor, one chart for each role.
 *
 * @param rows The rows of one part.
 * @param varied What the part varies.
 * @returns Lines of Markdown. A contestant that failed somewhere is left out.
 */
export function chartsOf(rows: readonly Row[], varied: string): string[] {
  const values = unique(rows.map(({ at }) => at));
  return unique(rows.map(({ role }) => role)).flatMap((role) => {
    const lines = linesOf(rows.filter((row) => row.role === role));
    const whole = lines.filter(({ points }) => points.length === values.length);
    return whole.length === 0 ? [] : ["", ...draw(role, varied, values, whole)];
  });
}

function linesOf(rows: readonly Row[]): Line[] {
  return unique(rows.map(({ contestant }) => contestant)).flatMap((contestant) =>
    COMMANDS.map((command) => ({
      label: contestant === "ours" ? command : `${command} of ${contestant}`,
      points: rows.filter((row) => row.contestant === contestant && row.command === command)
        .flatMap(({ figures }) => figures.wall?.ratio?.median ?? []),
    }))
  );
}

function draw(
  role: string,
  varied: string,
  values: readonly number[],
  lines: readonly Line[],
): string[] {
  const names = Object.keys(COLOURS);
  const [bottom, top] = rangeOf(lines.flatMap(({ points }) => points));
  return [
    `${role}: ${lines.map(({ label }, index) => `${label} ${names[index]}`).join(", ")}`,
    "",
    "```mermaid",
    "---",
    "config:",
    "  themeVariables:",
    "    xyChart:",
    `      plotColorPalette: "${Object.values(COLOURS).join(", ")}"`,
    "---",
    "xychart-beta",
    `  x-axis "${varied}" [${values.map((value) => `"${value.toLocaleString("en")}"`).join(", ")}]`,
    `  y-axis "wall time / floor" ${bottom.toFixed(2)} --> ${top.toFixed(2)}`,
    ...lines.map(({ points }) => `  line [${points.map((one) => one.toFixed(3)).join(", ")}]`),
    "```",
  ];
}

/** Reaches from the floor, or what is below it, to the largest. */
function rangeOf(points: readonly number[]): [bottom: number, top: number] {
  const bottom = Math.floor(Math.min(1, ...points) / STEP) * STEP;
  const top = Math.ceil(Math.max(1, ...points) / STEP) * STEP;
  return [bottom, Math.max(top, bottom + STEP)];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
