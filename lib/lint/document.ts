/**
 * From a file's text to its documents.
 *
 * @module
 */

import { error, type Finding, type Place } from "./finding.ts";
import { readJson } from "./json.ts";
import { LineMap } from "./line_map.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import type { Tree } from "./tree.ts";
import { readYaml } from "./yaml/documents.ts";

/** One document of a file. */
export interface Document extends Place {
  /** What it holds; nothing if that is only comments, or can't be read. */
  tree?: Tree;
  /** The rules that a comment in it switches off. */
  ignored: readonly string[];
  /** What is wrong with its syntax. */
  findings: readonly Finding[];
}

/**
 * Reads the documents of a file.
 *
 * @param file The file's name; its ending tells JSON from YAML.
 * @param content The file's text.
 * @returns The documents, each when it is asked for.
 */
export function* readDocuments(file: string, content: string): Iterable<Document> {
  const text = content.replace(/\r\n?/g, "\n");
  if (isJson(file, text)) return yield readJsonDocument(file, text);
  for (const { line, text: own, tree, fault } of readYaml(text)) {
    const findings = fault ? [syntaxFinding(file, "yaml", fault)] : [];
    yield { file, line, tree, ignored: ignoredRules(own), findings };
  }
}

function isJson(file: string, text: string): boolean {
  if (/\.ya?ml$/.test(file)) return false;
  return /\.(?:json|conf|conflist)$/.test(file) || /^\s*[{[]/.test(text);
}

function readJsonDocument(file: string, text: string): Document {
  const document = { file, line: 1, ignored: [], findings: [] };
  try {
    return { ...document, tree: readJson(text, LineMap.ofFile(text)) };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { ...document, findings: [syntaxFinding(file, "json", fault)] };
  }
}

/**
 * Makes a finding of a fault.
 *
 * @param file The file.
 * @param rule The language.
 * @param fault The fault.
 */
export function syntaxFinding(file: string, rule: "yaml" | "json", fault: SyntaxFault): Finding {
  return { ...error({ file, line: fault.line }, fault.message, fault.hint), rule };
}

/** `# lint: ignore RULE, RULE` switches rules off in its document. */
function ignoredRules(text: string): string[] {
  const comments = text.matchAll(/^[ \t]*#[ \t]*lint:[ \t]*ignore[ \t]+(.*)$/gm);
  return [...comments].flatMap(([, rules]) => rules!.split(/[\s,]+/));
}
