/**
 * Mirrors as a graph for Graphviz.
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
 * @returns The graph: ports in boxes, mirrors in hexagons, those with a problem in red.
 */
export function formatDot({ mirrors }: Report, interest?: Interest): string {
  const frames = draw(mirrors, interest);
  const lines = [
    "digraph mirrors {",
    "  rankdir=LR",
    "  node [shape=box]",
    ...frames.length === 0 ? ['  none [label="there are no mirrors"]'] : [],
    ...frames.flatMap(({ id, name, boxes, arrows }) => [
      `  subgraph cluster_${id} {`,
      `    label=${quote([`bridge ${name}`])}`,
      ...boxes.map((box) => `    ${box.id} [${attributes(box)}]`),
      ...arrows.map(({ from, to, label }) =>
        `    ${from} -> ${to}${label ? ` [label=${quote([label])}]` : ""}`
      ),
      "  }",
    ]),
    "}",
  ];
  return lines.join("\n") + "\n";
}

function attributes({ lines, isMirror, problem }: Box): string {
  const shape = isMirror ? " shape=hexagon" : "";
  return `label=${quote(lines)}${shape}${problem ? " color=red" : ""}`;
}

/** In a label, a backslash begins an escape sequence and an ampersand an entity. */
function quote(lines: readonly string[]): string {
  return `"${lines.map(escape).join("\\n")}"`;
}

function escape(line: string): string {
  return line.replace(/[\\"]/g, "\\$&").replaceAll("&", "&amp;");
}
