/**
 * Reads the documents of a file.
 *
 * @module
 */

import { type Finding, type Place, syntaxFinding } from "./finding.ts";
import { readJson } from "./json.ts";
import { LineMap } from "./line_map.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import type { Tree } from "./tree.ts";
import { readYaml, type YamlDocument } from "./yaml/documents.ts";

/** One document of a file. */
export interface Document extends Place {
  /** Its content; absent if that is only comments, or can't be read. */
  tree?: Tree;
  /** The rules that a comment in it switches off. */
  ignored: readonly string[];
  /** The syntax errors. */
  findings: readonly Finding[];
  /** True for JSON behind a byte order mark. */
  hasByteOrderMark?: boolean;
  /** True for a file with `{{` in a directory: probably a template, whose syntax is not checked. */
  isTemplate?: boolean;
}

/**
 * Reads the documents of a file.
 *
 * @param file The file's name; its ending tells JSON from YAML.
 * @param isNamed Whether somebody named the file; what a directory has besides is not reported if
 * it can't be read.
 */
export function* readDocuments(
  file: string,
  content: string,
  isNamed = true,
): Iterable<Document> {
  const text = content.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const rule = isJson(file, text) ? "json" : "yaml";
  const hasByteOrderMark = rule === "json" && content.startsWith("\ufeff");
  for (
    const { line, text: own, tree, fault } of rule === "json" ? [parseJson(text)] : readYaml(text)
  ) {
    const isTemplate = !isNamed && own.includes("{{");
    const isReported = isNamed || isRelevant(own) && !isTemplate;
    const findings = fault && isReported ? [syntaxFinding(file, rule, fault)] : [];
    yield { file, line, tree, ignored: ignoredRules(own), findings, isTemplate, hasByteOrderMark };
  }
}

/** True for a text that may be about networks or pods with mirrors, readable or not. */
function isRelevant(text: string): boolean {
  return /ovs-mirror-|cni\.cncf\.io|NetworkAttachmentDefinition|"type"\s*:\s*"ovs"/.test(text);
}

function isJson(file: string, text: string): boolean {
  if (/\.ya?ml$/.test(file)) return false;
  return /\.(?:json|conf|conflist)$/.test(file) || /^\s*[{[]/.test(text);
}

function parseJson(text: string): YamlDocument {
  try {
    return { line: 1, text, tree: readJson(text, LineMap.ofFile(text)) };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { line: 1, text, fault };
  }
}

/** `# lint: ignore RULE, RULE` switches rules off in its document. */
function ignoredRules(text: string): string[] {
  const comments = text.matchAll(/^[ \t]*#[ \t]*lint:[ \t]*ignore[ \t]+(.*)$/gm);
  return [...comments].flatMap(([, rules]) => rules!.split(/[\s,]+/));
}
