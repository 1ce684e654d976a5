/**
 * Parses the text of a document with the YAML library.
 *
 * @module
 */

import process from "node:process";
import { Composer, Lexer, Parser, Schema } from "yaml";
import type { CST, Document } from "yaml";
import { LineMap } from "../line_map.ts";
import { MAX_DEPTH, type SyntaxFault, tooDeep } from "../syntax_fault.ts";
import { beginOf, faultOf } from "./fault.ts";
import { indent } from "./indentation.ts";
import { strayTab } from "./tabs.ts";

// The library's build for Node asks for a variable at each token, to log it. That takes a
// permission, and more time than all the rest. The build that the executables have does not.
Object.defineProperty(process, "env", { value: {} });

/** The library returns strings only: `scalar.ts` finds their values. */
const schema = new Schema({ schema: "failsafe", resolveKnownTags: false });
const OPTIONS = { schema, uniqueKeys: false };

/** Characters of documents that are read again, at most: more would take too long. */
const MAX_AGAIN = 4_000_000;

/** A document, and the text that it was read from. */
interface Composed {
  document?: Document.Parsed;
  text: string;
  lines: LineMap;
  /** The first fault. */
  fault?: SyntaxFault;
}

/**
 * Reads a document.
 *
 * @param text Its text; lines end with a line feed.
 * @returns What it holds; nothing if that is only comments.
 * @throws {SyntaxFault} It is not YAML, or kubectl does not read it.
 */
export function compose(text: string, line: number): Composed {
  let composed = attempt(text, line);
  for (let length = text.length; composed.fault && length < MAX_AGAIN; length += text.length) {
    const { document, text } = composed;
    const begin = document && beginOf(document, text);
    const indented = begin === undefined ? undefined : indent(text, begin);
    if (!indented) break;
    const next = attempt(indented.text, line);
    if (next.fault && next.fault.line <= next.lines.at(indented.end)) break;
    composed = next;
  }
  if (composed.fault) throw composed.fault;
  return composed;
}

function attempt(text: string, line: number): Composed {
  const lines = LineMap.ofFile(text, line);
  const document = parse(text, lines);
  const composed = { document, text, lines };
  if (!document) return composed;
  const fault = document.errors.length > 0
    ? faultOf(document, text, lines)
    : strayTab(document, text, lines);
  return { ...composed, fault };
}

/** By itself the library reads what is nested as deep as its memory allows. */
function parse(text: string, lines: LineMap): Document.Parsed | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // Besides lists and tables, the document and a text may be open.
    if (parser.stack.length > MAX_DEPTH + 2) throw tooDeep(lines.at(parser.offset));
  }
  const [document] = new Composer(OPTIONS).compose([...tokens, ...parser.end()]);
  return document;
}
