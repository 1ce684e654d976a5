/**
 * Lines with nothing but a tab: YAML allows them, and kubectl does not.
 *
 * @module
 */

import { type Document, isCollection, isScalar, Scalar, visit } from "yaml";
import type { LineMap } from "../line_map.ts";
import { SyntaxFault } from "../syntax_fault.ts";

/** Lines that begin with a tab and say nothing. */
const TABS = /^( *)\t[ \t]*(?:#.*)?$/gm;

/**
 * Finds a line without content that is indented with a tab, and no further than the line before.
 */
export function strayTab(
  document: Document.Parsed,
  text: string,
  lines: LineMap,
): SyntaxFault | undefined {
  if (!text.includes("\t")) return undefined;
  const suspects = [...text.matchAll(TABS)].filter(({ 1: spaces, index }) =>
    spaces!.length <= /^ */.exec(lineBefore(text, index))![0].length
  );
  if (suspects.length === 0) return undefined;
  const allowed = placesForTabs(document);
  const stray = suspects.find(({ index }) =>
    !allowed.some(([start, end]) => start < index && index < end)
  );
  if (!stray) return undefined;
  const hint = "empty the line: kubectl refuses the tab";
  return new SyntaxFault(lines.at(stray.index), "the line is indented with a tab", hint);
}

function lineBefore(text: string, index: number): string {
  return /[^\n]*$/.exec(text.slice(0, index).trimEnd())![0];
}

/** Within quotes and brackets, and in texts that keep their lines. */
function placesForTabs(document: Document.Parsed): (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  visit(document, {
    Node(_, node) {
      const isFree = isCollection(node) ? node.flow : isScalar(node) && node.type !== Scalar.PLAIN;
      if (isFree) places.push([node.range![0], node.range![1]]);
    },
  });
  return places;
}
