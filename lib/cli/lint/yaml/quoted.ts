/**
 * Texts in quotes.
 *
 * Source: YAML 1.2.2, chapters 5.7, 7.3.1 and 7.3.2.
 *
 * @module
 */

import type { Scalar } from "../tree.ts";
import { skipLineEnds } from "./plain.ts";
import type { Reader } from "./reader.ts";
import { Text } from "./text.ts";

const IN_SINGLE = /[^'\n]+/y;
const IN_DOUBLE = /[^"\\\n]+/y;
const CODE = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8}))/y;

/** What a letter behind a backslash stands for. */
const ESCAPES = new Map(Object.entries({
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
}));

/**
 * Reads a text in quotes.
 *
 * @param reader At the opening quote.
 * @returns The text.
 * @throws {SyntaxFault} It is not closed, or holds an escape that does not exist.
 */
export function readQuoted(reader: Reader): Scalar {
  const { char: quote, line } = reader;
  const text = new Text(line);
  const pattern = quote === "'" ? IN_SINGLE : IN_DOUBLE;
  reader.skip(1);
  for (;;) {
    const piece = reader.match(pattern)?.[0] ?? "";
    text.value += reader.char === "\n" ? piece.trimEnd() : piece;
    if (reader.char === "\n") {
      text.fold(skipLineEnds(reader), reader.line);
    } else if (reader.char === "\\") {
      readEscape(reader, text);
    } else if (quote === "'" && reader.char === "'" && reader.peek(1) === "'") {
      text.value += "'";
      reader.skip(2);
    } else break;
  }
  if (reader.char !== quote) throw reader.fault(`a text in ${quote} is not closed`, CLOSE, line);
  reader.skip(1);
  return text.toScalar();
}

const CLOSE = "add the missing quote";

function readEscape(reader: Reader, text: Text): void {
  const next = reader.peek(1);
  const code = reader.match(CODE);
  if (code) {
    const point = parseInt(code[1] ?? code[2] ?? code[3]!, 16);
    if (point > 0x10ffff) throw reader.fault(`there is no character ${code[0]}`, CHECK_ESCAPE);
    text.value += String.fromCodePoint(point);
  } else if (next === "\n") {
    reader.skip(1);
    text.join("\n".repeat(skipLineEnds(reader) - 1), reader.line);
  } else if (ESCAPES.has(next)) {
    text.value += ESCAPES.get(next)!;
    reader.skip(2);
  } else {
    throw reader.fault(`YAML has no escape ${JSON.stringify(`\\${next}`)}`, CHECK_ESCAPE);
  }
}

const CHECK_ESCAPE = "write \\\\ for a backslash, or use single quotes";
