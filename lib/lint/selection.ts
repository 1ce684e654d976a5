/**
 * The annotation by which a pod asks for networks, read as Multus does.
 *
 * Sources: Kubernetes Network Custom Resource Definition De-facto Standard, section "Network
 * Attachment Selection Annotation"; Multus, parsePodNetworkAnnotation.
 *
 * @module
 */

import { quote } from "../text/text.ts";
import { syntaxFinding } from "./document.ts";
import { error, type Finding, type Place, type Problem } from "./finding.ts";
import { problemsOf, withNamesOf } from "./go.ts";
import { readJson } from "./json.ts";
import { INTERFACE_NAME, isInterface, SELECTION } from "./selection_fields.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import {
  lineOf,
  linesOf,
  type Member,
  member,
  type Scalar,
  type Table,
  textOf,
  type Tree,
} from "./tree.ts";

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

/** One network of an annotation. */
type Element = Selection & { interface?: string };

/** The interfaces that a pod has before it gets one of the annotation. */
const TAKEN = ["lo", "eth0"];

/** A name in the short form. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

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
    return refused({ file, line }, "the annotation is not a text", hint);
  }
  if (value.text === "") return { attachments: [], findings: [] };
  return /[[{"]/.test(value.text) ? readLongForm(file, value) : readShortForm(file, value);
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
  return refused(
    { file, line: tree.line },
    "the annotation is not a list",
    "put [ and ] around it",
  );
}

function readElement(file: string, tree: Tree): Element {
  const table = withNamesOf(tree, SELECTION);
  const name = textOf(table, "name");
  if (table.kind !== "table" || !member(table, "name")) {
    const place = { file, line: tree.line };
    return refused(place, "a network of the annotation has no name", 'add "name"');
  }
  const place = { file, line: lineOf(table, ["name"]) };
  if (name?.includes("/")) {
    const [namespace, ...rest] = name.split("/");
    const hint = `write "namespace": ${quote(namespace!)}, "name": ${quote(rest.join("/"))}`;
    return refused(place, `in JSON, ${quote(name)} is no name of a network`, hint);
  }
  const findings = problemsOf(file, "the annotation", table, SELECTION).map(asFinding);
  const namespace = textOf(table, "namespace");
  const attachments = name ? [{ ...place, name, namespace, table }] : [];
  return { attachments, findings, interface: textOf(table, "interface") };
}

function readShortForm(file: string, scalar: Scalar): Selection {
  const lines = linesOf(scalar);
  let offset = 0;
  return join(
    scalar.text.split(",").map((part) => {
      const line = lines.at(offset + part.search(/\S|$/));
      offset += part.length + 1;
      return readWord({ file, line }, part.trim());
    }),
  );
}

function readWord(place: Place, word: string): Element {
  const [, namespace, name, wanted = ""] = /^(?:([^/]*)\/)?([^/@]+)(?:@([^/@]*))?$/.exec(word)
    ?.map((part) => part?.trim()) ?? [];
  if (!name) return refused(place, `${quote(word)} names no network`, FORM);
  const wrong = [namespace || name, name].find((part) => !LABEL.test(part));
  if (wrong !== undefined) {
    return refused(place, `the short form takes no name ${quote(wrong)}`, PLAIN);
  }
  if (!isInterface(wanted)) {
    return refused(place, `no interface can be called ${quote(wanted)}`, `it ${INTERFACE_NAME}`);
  }
  const attachments = [{ ...place, name, namespace: namespace || undefined }];
  return { attachments, findings: [], interface: wanted };
}

const FORM = "write NAMESPACE/NAME@INTERFACE";
const PLAIN = 'use small letters, digits and "-", or write the annotation in JSON';

function refused({ file, line }: Place, message: string, hint: string): Selection {
  return { attachments: [], findings: [asFinding(error({ file, line }, message, hint))] };
}

function asFinding(problem: Problem): Finding {
  return { ...problem, rule: "annotation" };
}

/** Puts the networks together, which get an interface each. */
function join(elements: readonly Element[]): Selection {
  const taken = new Set(TAKEN);
  const doubles = elements.flatMap(({ attachments: [place], interface: wanted }, index) => {
    const name = wanted || `net${index + 1}`;
    const isFree = !taken.has(name);
    taken.add(name);
    if (!place || isFree) return [];
    const message = `the pod has an interface ${quote(name)} already`;
    return refused(place, message, "choose another for this network").findings;
  });
  return {
    attachments: elements.flatMap(({ attachments }) => attachments),
    findings: [...elements.flatMap(({ findings }) => findings), ...doubles],
  };
}
