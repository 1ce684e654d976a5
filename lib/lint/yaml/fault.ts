/**
 * Syntax errors of YAML, in plain words.
 *
 * @module
 */

import { type Document, visit, type YAMLError } from "yaml";
import { quote } from "../../text/text.ts";
import type { LineMap } from "../line_map.ts";
import { SyntaxFault } from "../syntax_fault.ts";

/** The library's messages and ours; {} is replaced by the text at the fault. */
const WORDS: readonly [pattern: RegExp, message: string, hint: string][] = [
  [/^Tabs/, "the line is indented with a tab", "YAML is indented with spaces"],
  [/ end with a ]/, "a [ is not closed", "add the missing bracket, or indent what is in it"],
  [/ end with a }/, "a { is not closed", "add the missing bracket, or indent what is in it"],
  [/^Missing closing (.)/, "a text in $1 is not closed", "add the missing quote"],
  [/^Missing , /, 'there is {} where "," or a bracket is expected', "is a comma missing?"],
  [/^Implicit map keys/, 'there is no "name: value" here', 'is a ":" missing?'],
  [/ block-seq-ind on same/, "a list begins in the line of its name", "begin it in the next line"],
  [/^Plain value.* (.)$/, `a value can't begin with "$1"`, "put it in quotes"],
  [/^Invalid escape sequence (.*)/, "YAML has no escape $1", "write \\\\, or use single quotes"],
  [/^Block scalar header|^Not a/, 'there is text behind "|" or ">"', "write it in the lines below"],
  [/^Alias cannot/, "an alias has no name", "write *NAME, or put the text in quotes"],
  [/^Anchor cannot/, "an anchor has no name", "write &NAME, or put the text in quotes"],
  [/^Block scalars with/, "an empty line before this text is indented further", "empty that line"],
  [
    /^(?:Block|Flow)/,
    "{} is not indented enough",
    "indent it further than the line that it is for",
  ],
  [/./, "{} belongs to nothing", "is the indentation right, or are quotes missing?"],
];

/** The library's words for a missing end. */
const UNCLOSED = / end with a |^Missing closing/;
/** A key over several lines, which is mostly meant as a value. */
const LONG_NAME = /^Implicit keys/;

/** The first fault of a document; of those at one place, the one that leads to the others. */
function firstError({ errors }: Document.Parsed): YAMLError | undefined {
  const start = Math.min(...errors.map(({ pos }) => pos[0]));
  const first = errors.filter(({ pos }) => pos[0] === start);
  return [UNCLOSED, LONG_NAME, /./].map((kind) => first.find(({ message }) => kind.test(message)))
    .find((error) => error);
}

/** Says in words what is wrong. */
export function faultOf(document: Document.Parsed, text: string, lines: LineMap): SyntaxFault {
  const error = firstError(document)!;
  const [pattern, message, hint] = WORDS.find(([pattern]) => pattern.test(error.message))!;
  const place = beginOf(document, text) ?? placeOf(error, text);
  const found = quote(/.*/y.exec(text.slice(place))![0].trim());
  const said = error.message.replace(new RegExp(`.*${pattern.source}.*`), message);
  return new SyntaxFault(lines.at(place), said.replace("{}", () => found), hint);
}

/** A name of several lines is looked for in its last one, and what is missing before the gap. */
function placeOf({ message, pos: [start, end] }: YAMLError, text: string): number {
  if (LONG_NAME.test(message)) return text.lastIndexOf("\n", end - 1) + 1;
  return text.startsWith("\n", start) || start >= text.length ? lastBefore(text, start) : start;
}

/**
 * Finds where a value begins that is not closed, or not indented as it should be.
 *
 * @returns The place of the quote or bracket; nothing if the first fault is another one.
 */
export function beginOf(document: Document.Parsed, text: string): number | undefined {
  const error = firstError(document);
  if (!error || !UNCLOSED.test(error.message)) return undefined;
  const last = lastBefore(text, error.pos[0]);
  let begin = last;
  visit(document, {
    Node(_, { range }) {
      if (range && range[0] <= last && last < range[1]) begin = range[0];
    },
  });
  return begin;
}

/** The last character before a place that is not white space. */
function lastBefore(text: string, place: number): number {
  return text.slice(0, place).trimEnd().length - 1;
}
