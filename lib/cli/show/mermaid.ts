/**
 * Mirrors as a flowchart of Mermaid, which GitHub and many wikis draw.
 *
 * @module
 */

import { type Box, draw } from "./picture.ts";
import type { Report } from "../../observe/report.ts";
import type { Interest } from "../../observe/words.ts";

/**
 * Draws mirrors.
 *
 * @param interest What was asked for.
 * @returns The flowchart: ports in boxes, mirrors in hexagons, those with a problem in red.
 */
export function formatMermaid({ mirrors }: Report, interest?: Interest): string {
  const frames = draw(mirrors, interest);
  const problems = frames.flatMap(({ boxes }) => boxes).filter(({ problem }) => problem);
  const lines = [
    "flowchart LR",
    ...frames.length === 0 ? ['  none["there are no mirrors"]'] : [],
    ...frames.flatMap(({ id, name, boxes, arrows }) => [
      `  subgraph ${id}[${label([`bridge ${name}`])}]`,
      "    direction LR",
      ...boxes.map((box) => `    ${box.id}${shape(box)}`),
      ...arrows.map(({ from, to, label: text }) =>
        `    ${from} -->${text ? `|${label([text])}|` : ""} ${to}`
      ),
      "  end",
    ]),
    ...problems.length === 0 ? [] : [
      "  classDef problem stroke:#c00,stroke-width:3px",
      `  class ${problems.map(({ id }) => id).join(",")} problem`,
    ],
  ];
  return lines.join("\n") + "\n";
}

function shape({ lines, isMirror }: Box): string {
  return isMirror ? `{{${label(lines)}}}` : `[${label(lines)}]`;
}

/** Mermaid has entities of its own; what they leave could be Markdown or HTML. */
function label(lines: readonly string[]): string {
  return `"${lines.map(escape).join("<br>")}"`;
}

function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N} ,.:/_+()-]/gu, (character) => `#${character.codePointAt(0)};`);
}
