/**
 * The documents of a YAML file.
 *
 * Source: YAML 1.2.2, chapter 9.
 *
 * @module
 */

import { SyntaxFault } from "../syntax_fault.ts";
import type { Tree } from "../tree.ts";
import { readDocument } from "./block.ts";
import { Reader } from "./reader.ts";

/** One document of a file. */
export interface YamlDocument {
  /** The line that it begins in, counted from 1. */
  line: number;
  /** Its text, with comments. */
  text: string;
  /** What it holds; nothing if that is only comments, or can't be read. */
  tree?: Tree;
  /** Why it can't be read. */
  fault?: SyntaxFault;
}

/** Ends a document wherever it stands, as no text may have it at the beginning of a line. */
const MARKER = /^(?:---|\.\.\.)(?=[ \t\n]|$)/gm;
/** What a document says about YAML itself; only what stands before `---` can be that. */
const DIRECTIVES = /^%.*/gm;

/**
 * Reads the documents of a file, each for itself: a fault in one does not hide the others.
 *
 * @param text The file's text; lines end with a line feed.
 * @returns The documents.
 */
export function readYaml(text: string): YamlDocument[] {
  const documents: YamlDocument[] = [];
  let [start, line, marker] = [0, 1, ""];
  for (const { 0: next, index } of [...text.matchAll(MARKER), { 0: "", index: text.length }]) {
    const part = text.slice(start, index);
    const content = next === "---" ? part.replace(DIRECTIVES, "") : part;
    documents.push(read(content, line, marker === "---"));
    line += part.split("\n").length - 1;
    [start, marker] = [index + next.length, next];
  }
  return documents;
}

function read(text: string, line: number, isBehindMarker: boolean): YamlDocument {
  try {
    return { line, text, tree: readDocument(new Reader(text, line), isBehindMarker) };
  } catch (error) {
    if (error instanceof SyntaxFault) return { line, text, fault: error };
    throw error;
  }
}
