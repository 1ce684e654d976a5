/**
 * Texts without quotes.
 *
 * Source: YAML 1.2.2, chapters 7.3.3 and 10.3.
 *
 * @module
 */

import type { Scalar } from "../tree.ts";
import { BLANKS, type Reader } from "./reader.ts";
import { Text } from "./text.ts";

/** Characters that have a meaning within brackets and braces. */
const FLOW = ",[]{}";

/**
 * Reads a text without quotes.
 *
 * @param reader Where it begins.
 * @param indent The least column of its further lines.
 * @param inFlow Whether it stands within brackets or braces.
 * @returns The text, and what it means; nothing if no such text begins there.
 */
export function readPlain(reader: Reader, indent: number, inFlow: boolean): Scalar | undefined {
  if (!startsPlain(reader, inFlow)) return undefined;
  let length = plainLength(reader, inFlow);
  const text = new Text(reader.line);
  for (;;) {
    text.value += reader.text.slice(reader.at, reader.at + length);
    reader.skip(length);
    const end = reader.mark();
    const lineEnds = skipLineEnds(reader);
    const goesOn = lineEnds > 0 && reader.column >= indent && reader.char !== "#";
    length = goesOn ? plainLength(reader, inFlow) : 0;
    if (length === 0) {
      reader.reset(end);
      return { ...text.toScalar(), value: meaning(text.value) };
    }
    text.fold(lineEnds, reader.line);
  }
}

/**
 * Reads the part of a text without quotes that stands in this line: a name goes no further.
 *
 * @param reader Where it begins.
 * @returns The text; empty if no such text begins there.
 */
export function readPlainName(reader: Reader): string {
  const length = startsPlain(reader, false) ? plainLength(reader, false) : 0;
  const name = reader.text.slice(reader.at, reader.at + length);
  reader.skip(length);
  return name;
}

/**
 * Goes over line ends and the white space around them, but not over comments.
 *
 * @param reader Where they begin.
 * @returns How many line ends there were.
 */
export function skipLineEnds(reader: Reader): number {
  let count = 0;
  reader.match(BLANKS);
  for (; reader.char === "\n"; count++) {
    reader.endLine();
    reader.match(BLANKS);
  }
  return count;
}

/** How long the part of a text without quotes is that stands in the line of the reader. */
function plainLength({ text, at }: Reader, inFlow: boolean): number {
  let end = at;
  for (let i = at;; i++) {
    const char = text[i];
    if (char === undefined || char === "\n") break;
    if (char === ":" && endsName(text[i + 1], inFlow)) break;
    if (char === "#" && isBlank(text[i - 1])) break;
    if (inFlow && FLOW.includes(char)) break;
    if (!isBlank(char)) end = i + 1;
  }
  return end - at;
}

/** Further lines of a text may begin with anything. */
function startsPlain({ text, at }: Reader, inFlow: boolean): boolean {
  const char = text[at];
  if (char === "-" || char === "?" || char === ":") return !endsName(text[at + 1], inFlow);
  return char !== undefined && !/[\s,[\]{}#&*!|>'"%@`]/.test(char);
}

/** Whether a colon before this character ends the name of a member. */
function endsName(next: string | undefined, inFlow: boolean): boolean {
  return next === undefined || next === "\n" || isBlank(next) || (inFlow && FLOW.includes(next));
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}

/** What a text without quotes means in YAML's core schema. */
function meaning(text: string): Scalar["value"] {
  if (/^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^(?:0o[0-7]+|0x[\dA-Fa-f]+)$/.test(text)) return Number(text);
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN;
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return text;
}
