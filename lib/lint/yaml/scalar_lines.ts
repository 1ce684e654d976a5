/**
 * The source lines of a scalar that is written over several lines.
 *
 * @module
 */

import { Scalar } from "yaml";
import { LineMap } from "../line_map.ts";

/** An escape in a text in double quotes. */
const ESCAPE = /\\(?:x(..)|u(....)|U(.{8})|.?)/g;

/**
 * Finds the lines. However lines are joined, and whatever becomes of the white space between them,
 * all other characters stay and keep their order.
 *
 * @param source How the text is written, from its first character or mark to its last.
 */
export function linesOfScalar(
  source: string,
  type: Scalar.Type | null | undefined,
  text: string,
  line: number,
): LineMap {
  // Its first line is that of the mark.
  if (type === Scalar.BLOCK_LITERAL) return LineMap.ofFile(text, line + 1);
  const map = LineMap.ofLine(line);
  let at = 0;
  for (const [index, part] of contentOf(source, type).split("\n").entries()) {
    let count = part.replace(/\s/g, "").length;
    if (count === 0) continue;
    while (isBlank(text[at])) at++;
    map.add(at, line + index);
    for (; count > 0; at++) if (!isBlank(text[at])) count--;
  }
  return map;
}

/** The same lines, with escapes and marks replaced. */
function contentOf(source: string, type: Scalar.Type | null | undefined): string {
  switch (type) {
    case Scalar.QUOTE_SINGLE:
      return source.slice(1, -1).replaceAll("''", "'");
    case Scalar.QUOTE_DOUBLE:
      return source.slice(1, -1).replace(ESCAPE, unescape);
    case Scalar.BLOCK_FOLDED:
      return source.replace(/^.*/, "");
    default:
      return source;
  }
}

/** The escaped character, or any other that is blank if it is. */
function unescape(escape: string, ...codes: (string | undefined)[]): string {
  const code = codes.slice(0, 3).find((digits) => digits !== undefined);
  if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
  return /^\\(?:[ \ttnvfr_LP]|$)/.test(escape) ? " " : "x";
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
