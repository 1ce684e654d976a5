/**
 * The annotation by which a pod asks for networks.
 *
 * Source: Kubernetes Network Custom Resource Definition De-facto Standard, section "Network
 * Attachment Selection Annotation".
 *
 * @module
 */

import { quote } from "../text.ts";
import { syntaxFinding } from "./document.ts";
import { error, type Finding } from "./finding.ts";
import { readJson } from "./json.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import { linesOf, type Member, type Scalar, type Table, textOf, type Tree } from "./tree.ts";

/** The annotation's name. */
export const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** A network that a pod asks for. */
export interface Attachment {
  /** The file and line where it does. */
  file: string;
  line: number;
  /** The network's name. */
  name: string;
  /** The network's namespace; without one it is that of the pod. */
  namespace?: string;
  /** What else the pod wants, in the annotation's JSON form. */
  table?: Table;
}

/** What an annotation asks for, and what is wrong with it. */
export interface Selection {
  attachments: Attachment[];
  findings: Finding[];
}

/**
 * Reads the annotation, in its JSON form or its short form: `namespace/name@interface, …`.
 *
 * @param file The file.
 * @param annotation The annotation.
 * @returns What it asks for.
 */
export function readSelection(file: string, { line, value }: Member): Selection {
  if (value.kind !== "scalar" || typeof value.value !== "string") {
    const hint = `write "${NETWORKS}: |-" and the JSON below, indented`;
    return refused(file, line, "the annotation is not a text", hint);
  }
  return /^\s*[[{]/.test(value.text) ? readLongForm(file, value) : readShortForm(file, value);
}

function readLongForm(file: string, scalar: Scalar): Selection {
  let tree: Tree;
  try {
    tree = readJson(scalar.text, linesOf(scalar));
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { attachments: [], findings: [syntaxFinding(file, "json", fault)] };
  }
  if (tree.kind === "list") return join(tree.items.map((item) => readElement(file, item)));
  return refused(file, tree.line, "the annotation is not a list", "put [ and ] around it");
}

function readElement(file: string, tree: Tree): Selection {
  const name = textOf(tree, "name");
  if (tree.kind === "table" && name) {
    const { line } = tree.members.find(({ key }) => key === "name")!;
    const namespace = textOf(tree, "namespace");
    return { attachments: [{ file, line, name, namespace, table: tree }], findings: [] };
  }
  return refused(file, tree.line, "a network of the annotation has no name", 'add "name"');
}

function readShortForm(file: string, scalar: Scalar): Selection {
  const { text } = scalar;
  if (text.trim() === "") return { attachments: [], findings: [] };
  const lines = linesOf(scalar);
  let offset = 0;
  return join(
    text.split(",").map((part) => {
      const place = lines.at(offset + part.search(/\S|$/));
      offset += part.length + 1;
      return readWord(file, place, part.trim());
    }),
  );
}

function readWord(file: string, line: number, word: string): Selection {
  const [, namespace, name] = /^(?:([^\s/@]+)\/)?([^\s/@]+)(?:@[^\s/@]+)?$/.exec(word) ?? [];
  if (name) return { attachments: [{ file, line, name, namespace }], findings: [] };
  return refused(file, line, `${quote(word)} names no network`, "write NAMESPACE/NAME@INTERFACE");
}

function refused(file: string, line: number, message: string, hint: string): Selection {
  const finding = { ...error({ file, line }, message, hint), rule: "annotation" };
  return { attachments: [], findings: [finding] };
}

function join(selections: readonly Selection[]): Selection {
  return {
    attachments: selections.flatMap(({ attachments }) => attachments),
    findings: selections.flatMap(({ findings }) => findings),
  };
}
