/**
 * Texts whose lines stand indented below `|` or `>`.
 *
 * Source: YAML 1.2.2, chapter 8.1.
 *
 * @module
 */

import type { Scalar } from "../tree.ts";
import { type Reader, REST } from "./reader.ts";
import { Text } from "./text.ts";

const HEADER = /([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))[ \t]*(?:(?<=[ \t])#[^\n]*)?/y;

/** A line of the text, without its indentation. */
interface Line {
  text: string;
  line: number;
}

/**
 * Reads a text below `|` or `>`.
 *
 * @param reader At the `|` or `>`.
 * @param indent The least column of its lines.
 * @returns The text.
 * @throws {SyntaxFault} There is something else in the line of the `|` or `>`.
 */
export function readBlockScalar(reader: Reader, indent: number): Scalar {
  const [, style, width1, chomping1, chomping2, width2] = reader.match(HEADER)!;
  if (reader.char !== "\n" && reader.char !== "") {
    throw reader.fault(`there is text behind "${style}"`, "write the text in the lines below");
  }
  const text = new Text(reader.line);
  if (reader.char === "\n") reader.endLine();
  const width = Number(width1 ?? width2);
  const lines = readLines(reader, indent, width ? indent - 1 + width : undefined);
  const last = lines.findLastIndex((line) => line.text !== "");
  const join = style === "|" ? joinLiteral : joinFolded;
  join(text, lines.slice(0, last + 1));
  text.value += lineEnds(chomping1 || chomping2, lines.length - last - 1, last >= 0);
  return text.toScalar();
}

/**
 * Reads the lines that belong to the text.
 *
 * @param indent The least column of the first line that is not empty.
 * @param given The column where the lines begin, if the header tells.
 */
function readLines(reader: Reader, indent: number, given: number | undefined): Line[] {
  const lines: Line[] = [];
  let column = given;
  while (reader.char !== "") {
    const start = reader.mark();
    const [text] = reader.match(REST)!;
    const spaces = text.search(/[^ ]|$/);
    if (spaces < text.length) column ??= Math.max(spaces, indent);
    if (spaces < text.length && spaces < column!) {
      reader.reset(start);
      break;
    }
    lines.push({ text: text.slice(column ?? spaces), line: start.line });
    if (reader.char === "\n") reader.endLine();
  }
  return lines;
}

function joinLiteral(text: Text, lines: readonly Line[]): void {
  lines.forEach(({ text: piece, line }, index) => {
    text.join(index === 0 ? "" : "\n", line);
    text.value += piece;
  });
}

/** Lines that are indented further keep their line ends. */
function joinFolded(text: Text, lines: readonly Line[]): void {
  let before: string | undefined;
  let empty = 0;
  for (const { text: piece, line } of lines) {
    if (piece === "") {
      empty++;
      continue;
    }
    if (before === undefined) text.join("\n".repeat(empty), line);
    else if (/^[ \t]/.test(before) || /^[ \t]/.test(piece)) text.join("\n".repeat(empty + 1), line);
    else text.fold(empty + 1, line);
    text.value += piece;
    [before, empty] = [piece, 0];
  }
}

/** What remains of the line ends behind the last line that is not empty. */
function lineEnds(chomping: string | undefined, empty: number, hasText: boolean): string {
  if (chomping === "-") return "";
  if (chomping === "+") return "\n".repeat(empty + (hasText ? 1 : 0));
  return hasText ? "\n" : "";
}
