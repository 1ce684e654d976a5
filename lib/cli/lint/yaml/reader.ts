/**
 * A place in a YAML document, and what is known of the document up to there.
 *
 * @module
 */

import { MAX_DEPTH, SyntaxFault } from "../syntax_fault.ts";
import type { Scalar, Tree } from "../tree.ts";

/** Values that a document may have when its aliases are written out. */
const MAX_VALUES = 1_000_000;

/** White space within a line. */
export const BLANKS = /[ \t]*/y;

/** What is left of a line. */
export const REST = /[^\n]*/y;

/** A place to come back to. */
export interface Mark {
  at: number;
  line: number;
  lineStart: number;
}

/** Reads a document from its beginning to its end. */
export class Reader {
  /** The document's text; lines end with a line feed. */
  readonly text: string;
  #mark: Mark;
  #depth = 0;
  #values = 0;
  readonly #anchors = new Map<string, { tree: Tree; values: number }>();

  /**
   * @param text The document's text; lines end with a line feed.
   * @param line The line of the file that it begins in.
   */
  constructor(text: string, line: number) {
    this.text = text;
    this.#mark = { at: 0, line, lineStart: 0 };
  }

  /** The character at this place; empty at the end. */
  get char(): string {
    return this.text[this.at] ?? "";
  }

  /** How far this place is from the beginning. */
  get at(): number {
    return this.#mark.at;
  }

  /** The line of the file. */
  get line(): number {
    return this.#mark.line;
  }

  /** How far this place is from the beginning of its line. */
  get column(): number {
    return this.#mark.at - this.#mark.lineStart;
  }

  /** Looks at a character further on. */
  peek(distance: number): string {
    return this.text[this.at + distance] ?? "";
  }

  /** A place to come back to with {@linkcode reset}. */
  mark(): Mark {
    return { ...this.#mark };
  }

  /** Goes back. */
  reset(mark: Mark): void {
    this.#mark = { ...mark };
  }

  /** Goes on within the line. */
  skip(count: number): void {
    this.#mark.at += count;
  }

  /**
   * Reads what a pattern matches.
   *
   * @param pattern A sticky pattern that does not match line ends.
   * @returns The match and its groups; nothing if the pattern does not match here.
   */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.skip(found[0].length);
    return found;
  }

  /** Goes behind the line end at this place. */
  endLine(): void {
    this.skip(1);
    this.#mark.line++;
    this.#mark.lineStart = this.at;
  }

  /**
   * Goes to what comes next, over white space, comments and line ends.
   *
   * @returns Whether a line ended on the way.
   */
  skipSpace(): boolean {
    const { line } = this;
    for (;;) {
      this.match(BLANKS);
      if (this.char === "#" && isWhite(this.text[this.at - 1])) this.match(REST);
      if (this.char !== "\n") return this.line !== line;
      this.endLine();
    }
  }

  /** Whether the line is indented with tabs up to this place. */
  get hasTabBefore(): boolean {
    return this.text.slice(this.#mark.lineStart, this.at).includes("\t");
  }

  /** Reads the inner part of a list or table. */
  nest<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.fault("the YAML is nested too deeply", FLATTEN);
    const inner = read();
    this.#depth--;
    return inner;
  }

  /** Makes a value without text. */
  empty(): Scalar {
    return { kind: "scalar", line: this.line, value: null, text: "" };
  }

  /**
   * Counts values.
   *
   * @throws {SyntaxFault} There are too many of them.
   */
  count(values: number): void {
    this.#values += values;
    if (this.#values <= MAX_VALUES) return;
    const message =
      `the document holds more than ${MAX_VALUES} values with its aliases written out`;
    throw this.fault(message, "write less with aliases");
  }

  /** Reads a value and gives it a name, if there is one. */
  name(anchor: string | undefined, read: () => Tree): Tree {
    const before = this.#values;
    const tree = read();
    if (anchor) this.#anchors.set(anchor, { tree, values: this.#values - before });
    return tree;
  }

  /** Finds the value of an alias. */
  named(anchor: string): Tree {
    const found = this.#anchors.get(anchor);
    if (!found) throw this.fault(`no value before is named &${anchor}`, "is the alias misspelt?");
    this.count(found.values);
    return found.tree;
  }

  /** Makes the error for this place. */
  fault(message: string, hint: string, line = this.line): SyntaxFault {
    return new SyntaxFault(line, message, hint);
  }
}

const FLATTEN = "is a bracket missing?";

function isWhite(char: string | undefined): boolean {
  return char === undefined || char === " " || char === "\t" || char === "\n";
}
