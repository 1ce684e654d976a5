/**
 * Reads JSON, strictly, and says where it goes wrong.
 *
 * Source: RFC 8259.
 *
 * @module
 */

import type { LineMap } from "./line_map.ts";
import { MAX_DEPTH, SyntaxFault } from "./syntax_fault.ts";
import type { List, Member, Scalar, Table, Tree } from "./tree.ts";

/**
 * Reads a JSON text.
 *
 * @throws {SyntaxFault} It is not JSON, or is nested too deeply.
 */
export function readJson(text: string, lines: LineMap): Tree {
  return new JsonReader(text, lines).read();
}

class JsonReader {
  readonly #text: string;
  readonly #lines: LineMap;
  #at = 0;
  #depth = 0;

  constructor(text: string, lines: LineMap) {
    this.#text = text;
    this.#lines = lines;
  }

  read(): Tree {
    const value = this.#value();
    if (this.#next() !== "") throw this.#fail("there is text behind the JSON value", "remove it");
    return value;
  }

  #value(): Tree {
    switch (this.#next()) {
      case "{":
        return this.#nested(() => this.#table());
      case "[":
        return this.#nested(() => this.#list());
      case '"':
        return this.#string();
      case "":
        throw new SyntaxFault(this.#lastLine(), "the JSON ends too early", CLOSE);
      default:
        return this.#word();
    }
  }

  #nested(read: () => Tree): Tree {
    if (++this.#depth > MAX_DEPTH) throw this.#fail("the JSON is nested too deeply", FLATTEN);
    const value = read();
    this.#depth--;
    return value;
  }

  #table(): Table {
    const line = this.#line();
    const members = this.#series("}", (): Member => {
      if (this.#next() !== '"') throw this.#unexpected("a name in double quotes");
      const { line, text: key } = this.#string();
      if (this.#next() !== ":") throw this.#unexpected(`":" behind ${JSON.stringify(key)}`);
      this.#at++;
      return { key, line, value: this.#value() };
    });
    return { kind: "table", line, members };
  }

  #list(): List {
    return { kind: "list", line: this.#line(), items: this.#series("]", () => this.#value()) };
  }

  /** The items between two brackets, separated by commas. */
  #series<T>(closing: string, read: () => T): T[] {
    const items: T[] = [];
    this.#at++;
    if (this.#next() !== closing) {
      for (;;) {
        items.push(read());
        if (this.#next() !== ",") break;
        const line = this.#line();
        this.#at++;
        if (this.#next() === closing) {
          throw new SyntaxFault(line, `there is a comma before "${closing}"`, "remove the comma");
        }
      }
    }
    if (this.#next() !== closing) throw this.#unexpected(`"," or "${closing}"`);
    this.#at++;
    // A copy frees the spare room of an array that grew item by item.
    return items.slice();
  }

  #string(): Scalar {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && !'"\n'.includes(this.#text[end]!)) {
      end += this.#text[end] === "\\" ? 2 : 1;
    }
    if (this.#text[end] !== '"') throw this.#fail("a text is not closed on its line", ADD_QUOTE);
    try {
      const text = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return { kind: "scalar", line: this.#lines.at(start), value: text, text };
    } catch {
      throw this.#fail("a text holds a control character or an escape that JSON lacks", ESCAPES);
    }
  }

  #word(): Scalar {
    const line = this.#line();
    WORD.lastIndex = this.#at;
    const [text = ""] = WORD.exec(this.#text) ?? [];
    if (!LITERAL.test(text)) throw this.#unexpected("a JSON value");
    this.#at += text.length;
    return { kind: "scalar", line, value: JSON.parse(text), text };
  }

  /** The next character that is not white space; empty at the end. */
  #next(): string {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
    return this.#text[this.#at] ?? "";
  }

  #line(): number {
    return this.#lines.at(this.#at);
  }

  #unexpected(wanted: string): SyntaxFault {
    const rest = this.#text.slice(this.#at, this.#at + 30);
    const [found = ""] = /^(?:[-+.\w]+|\/[/*]|[^])/.exec(rest) ?? [];
    // A comma is missing at the end of the line before, and that is where people look for it.
    const isBehind = found === "" || wanted.startsWith('","');
    const line = isBehind ? this.#lastLine() : this.#line();
    const what = found === "" ? "the JSON ends" : `there is ${JSON.stringify(found)}`;
    return new SyntaxFault(line, `${what} where ${wanted} is expected`, hintFor(found));
  }

  /** The line of the last character before this place that is not white space. */
  #lastLine(): number {
    const before = this.#text.slice(0, this.#at).trimEnd();
    return this.#lines.at(Math.max(before.length - 1, 0));
  }

  #fail(message: string, hint: string): SyntaxFault {
    return new SyntaxFault(this.#line(), message, hint);
  }
}

const SPACE = /[ \t\n\r]*/y;
const WORD = /[-+.\w]*/y;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;

const FLATTEN = "no configuration needs that";
const CLOSE = "are all braces, brackets and quotes closed?";
const ADD_QUOTE = 'add the missing "';
const ESCAPES = 'use \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\uXXXX';

function hintFor(found: string): string {
  if (found === "#" || found === "//" || found === "/*") return "JSON has no comments";
  if (found === "'") return "JSON takes double quotes only";
  if (/^(?:True|False|None|yes|no)$/.test(found)) return "write true, false or null";
  if (found === "\ufeff") return "remove the byte order mark";
  if (/^[A-Za-z_]/.test(found)) return "put it in double quotes";
  if (found === '"') return "is a comma missing?";
  return "is a comma, a quote or a bracket missing?";
}
