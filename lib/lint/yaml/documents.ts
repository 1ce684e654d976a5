/**
 * The documents of a YAML file.
 *
 * Source: YAML 1.2.2, chapter 9.
 *
 * @module
 */

import { SyntaxFault } from "../syntax_fault.ts";
import { member, type Tree } from "../tree.ts";
import { compose } from "./compose.ts";
import { Converter } from "./convert.ts";
import { countLines, piecesOf } from "./split.ts";

/** One document of a file. */
export interface YamlDocument {
  /** The line that it begins in, counted from 1. */
  line: number;
  /** Its text, with comments. */
  text: string;
  /** Its content; absent if that is only comments, or can't be read. */
  tree?: Tree;
  /** The syntax error, if it can't be read. */
  fault?: SyntaxFault;
}

/** A document's end: no scalar may have this at the beginning of a line. */
const MARKER = /^(?:---|\.\.\.)(?=[ \t\n]|$)/gm;
/** YAML directives, which are only allowed before `---`. */
const DIRECTIVES = /^%.*/gm;

/**
 * Reads the documents of a file, each for itself: a fault in one does not hide the others.
 *
 * @param text The file's text; lines end with a line feed.
 */
export function* readYaml(text: string): Iterable<YamlDocument> {
  let [start, line] = [0, 1];
  for (const { 0: next, index } of [...text.matchAll(MARKER), { 0: "", index: text.length }]) {
    const part = text.slice(start, index);
    yield read(next === "---" ? part.replace(DIRECTIVES, "") : part, line);
    line += countLines(part);
    // The marker belongs to the document that it begins, as that may go on in the same line.
    start = next === "---" ? index : index + next.length;
  }
}

function read(text: string, line: number): YamlDocument {
  const converter = new Converter();
  const document: YamlDocument = { line, text };
  const items: Tree[] = [];
  for (const piece of piecesOf(text, line)) {
    try {
      const { document: composed, ...source } = compose(piece.text, piece.line);
      const tree = composed?.contents && converter.convert(composed.contents, source);
      if (!tree || isEmpty(tree)) continue;
      if (piece.isItem && tree.kind === "list") items.push(...tree.items);
      else document.tree = join(document.tree, tree);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      document.fault ??= error;
    }
  }
  const list = member(document.tree, "items");
  if (list && items.length > 0) list.value = { kind: "list", line: items[0]!.line, items };
  return document;
}

/** The members before a list and behind it belong to one table. */
function join(before: Tree | undefined, tree: Tree): Tree {
  if (before?.kind !== "table" || tree.kind !== "table") return tree;
  return { ...before, members: [...before.members, ...tree.members] };
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null && tree.text === "";
}
