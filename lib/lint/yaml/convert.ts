/**
 * From the nodes that the library makes of a document to what it holds.
 *
 * @module
 */

import { isAlias, isMap, isScalar, Scalar as Text } from "yaml";
import type { Pair, ParsedNode, YAMLMap } from "yaml";
import { LineMap } from "../line_map.ts";
import { MAX_DEPTH, SyntaxFault, tooDeep } from "../syntax_fault.ts";
import type { Member, Scalar, Table, Tree } from "../tree.ts";
import { meaningOf } from "./scalar.ts";
import { linesOfScalar } from "./scalar_lines.ts";

/** Values that aliases may add to a document when they are written out. */
const MAX_ADDED = 1_000_000;

/** Tags that make a text of whatever it looks like. */
const TEXT_TAGS = ["!", "tag:yaml.org,2002:str"];

type Node = ParsedNode | null;

/** Converts the pieces of one document; an alias means a value that was converted before. */
export class Converter {
  #text = "";
  #lines = LineMap.ofLine(1);
  readonly #anchors = new Map<string, { tree: Tree; values: number }>();
  #values = 0;
  #added = 0;
  #depth = 0;

  /**
   * Converts a piece.
   *
   * @param source Its text, and where the parts of that come from.
   * @returns The same, with aliases and merge keys replaced by what they mean.
   * @throws {SyntaxFault} An alias means nothing, or together they mean too much.
   */
  convert(node: ParsedNode, { text, lines }: { text: string; lines: LineMap }): Tree {
    this.#text = text;
    this.#lines = lines;
    return this.#tree(node, lines.at(0));
  }

  /** A missing value begins in the given line. */
  #tree(node: Node, line: number): Tree {
    const before = this.#values++;
    const tree = this.#content(node, line);
    if (node && !isAlias(node) && node.anchor) {
      this.#anchors.set(node.anchor, { tree, values: this.#values - before });
    }
    return tree;
  }

  #content(node: Node, line: number): Tree {
    if (!node) return { kind: "scalar", line, value: null, text: "" };
    if (isScalar(node)) return this.#scalar(node as Text.Parsed, line);
    const begin = this.#lines.at(node.range[0]);
    if (isAlias(node)) return this.#named(node.source, begin);
    if (++this.#depth > MAX_DEPTH) throw tooDeep(begin);
    const tree: Tree = isMap(node) ? this.#table(node as YAMLMap.Parsed, begin) : {
      kind: "list",
      line: begin,
      items: node.items.map((item) => this.#tree(item as Node, begin)),
    };
    this.#depth--;
    return tree;
  }

  #scalar({ source: text, type, tag, range: [start, end] }: Text.Parsed, line: number): Scalar {
    const isWord = type === Text.PLAIN && (!tag || !TEXT_TAGS.includes(tag));
    const value = isWord ? meaningOf(text) : text;
    if (isWord && text === "") return { kind: "scalar", line, value, text };
    const begin = this.#lines.at(start);
    // A scalar on one line is at most two quotes longer than its text.
    const source = end - start > text.length + 2 ? this.#text.slice(start, end) : "";
    if (!source.includes("\n")) return { kind: "scalar", line: begin, value, text };
    const lines = () => linesOfScalar(source, type, text, begin);
    return { kind: "scalar", line: begin, value, text, lines };
  }

  #table(node: YAMLMap.Parsed, line: number): Table {
    const merged: Member[] = [];
    const members: Member[] = [];
    for (const { key, value } of node.items as Pair<Node, Node>[]) {
      const name = this.#tree(key, line);
      if (name.kind !== "scalar") throw this.#noName(node, name.line);
      const tree = this.#tree(value, name.line);
      if (name.text === "<<" && isScalar(key) && key.type === Text.PLAIN) {
        // One by one: as arguments of a call, there may be too many of them.
        for (const member of this.#membersOf(tree)) merged.push(member);
      } else members.push({ key: name.text, line: name.line, value: tree });
    }
    return { kind: "table", line, members: merge(merged, members) };
  }

  /**
   * The members that a merge key adds: https://yaml.org/type/merge.html. They were counted with the
   * alias that means them.
   */
  #membersOf(tree: Tree): Member[] {
    return (tree.kind === "list" ? tree.items : [tree]).flatMap((source) => {
      if (source.kind !== "table") {
        throw new SyntaxFault(tree.line, NO_TABLE, "use an alias of a table");
      }
      return source.members;
    });
  }

  #named(anchor: string, line: number): Tree {
    const found = this.#anchors.get(anchor);
    if (!found) {
      throw new SyntaxFault(line, `no value before is named &${anchor}`, "is the alias misspelt?");
    }
    this.#add(found.values, line);
    return found.tree;
  }

  #add(values: number, line: number): void {
    this.#values += values;
    this.#added += values;
    if (this.#added > MAX_ADDED) throw new SyntaxFault(line, TOO_MANY, "write less with aliases");
  }

  #noName(node: YAMLMap.Parsed, line: number): SyntaxFault {
    return this.#text.startsWith("{{", node.range[0])
      ? new SyntaxFault(
        line,
        "a value can't begin with {{",
        "if this is a template, check its output",
      )
      : new SyntaxFault(line, "a name is a list or a table", "a name has to be a text");
  }
}

/** A table's own members win over merged ones, and earlier tables over later ones. */
function merge(merged: readonly Member[], own: Member[]): Member[] {
  // A copy frees the spare room of an array that grew item by item.
  if (merged.length === 0) return own.slice();
  const known = new Set(own.map(({ key }) => key));
  const others = merged.filter(({ key }) => !known.has(key) && known.add(key));
  return [...others, ...own];
}

const NO_TABLE = "<< merges something other than a table";
const TOO_MANY = `the document holds more than ${MAX_ADDED} values with its aliases written out`;
