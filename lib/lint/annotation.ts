/**
 * The annotation by which a pod asks for networks, read as Multus does.
 *
 * Sources: Kubernetes Network Custom Resource Definition De-facto Standard, section "Network
 * Attachment Selection Annotation"; Multus, parsePodNetworkAnnotation.
 *
 * @module
 */

import * as z from "zod/mini";
import { quote } from "../text/text.ts";
import { error, type Finding, type Place, type Problem, syntaxFinding } from "./finding.ts";
import { integer, optional, problemsOf, text, withNamesOf } from "./go.ts";
import { readJson } from "./json.ts";
import { SyntaxFault } from "./syntax_fault.ts";
import {
  lineOf,
  linesOf,
  type Member,
  member,
  type Scalar,
  stringAt,
  type Table,
  type Tree,
} from "./tree.ts";

/** The annotation's name. */
export const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** The annotation by which a pod asks for another network than the cluster's, as its first. */
export const DEFAULT_NETWORK = "v1.multus-cni.io/default-network";

/** A network that a pod asks for. */
export interface NetworkSelection {
  /** The file and line where it does. */
  file: string;
  line: number;
  /** The network's name. */
  name: string;
  /** The network's namespace; without one it is that of the pod. */
  namespace?: string;
  /** True if it replaces the cluster's network. */
  isDefault?: boolean;
  /** The whole element, in the annotation's JSON form. */
  table?: Table;
}

/** The networks of an annotation, and its problems. */
export interface Annotation {
  selections: NetworkSelection[];
  findings: Finding[];
}

/** One network of an annotation. */
type Element = Annotation & { interface?: string };

/** The interfaces that a pod has before it gets those of the annotation. */
const TAKEN = ["lo", "eth0"];

/** A name in the short form. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** Reads the annotation, in its JSON form or its short form: `namespace/name@interface, …`. */
export function readAnnotation(
  file: string,
  { line, value }: Member,
  taken = TAKEN,
): Annotation {
  if (value.kind !== "scalar" || typeof value.value !== "string") {
    const hint = `write "${NETWORKS}: |-" and the JSON below, indented`;
    return refused({ file, line }, "the annotation must be a string", hint);
  }
  if (value.text === "") return { selections: [], findings: [] };
  const elements = /[[{"]/.test(value.text)
    ? readLongForm(file, value)
    : readShortForm(file, value);
  return join(elements, taken);
}

/** Reads the annotation for the default network, which becomes `eth0`. */
export function readDefaultNetwork(file: string, annotation: Member): Annotation {
  const { selections, findings } = readAnnotation(file, annotation, []);
  const [first, second] = selections;
  return {
    selections: first ? [{ ...first, isDefault: true }] : [],
    findings: second
      ? [...findings, ...refused(second, "a pod has one default network", REMOVE).findings]
      : findings,
  };
}

const REMOVE = `remove the others, or move them to ${NETWORKS}`;

/**
 * Reads a network of a virtual machine in KubeVirt, for which its pod gets an annotation.
 *
 * @returns What it asks for; nothing if it is not one of Multus.
 */
export function readVirtualNetwork(file: string, network: Tree): Annotation | undefined {
  const found = member(network, "multus", "networkName");
  if (found?.value.kind !== "scalar") return undefined;
  return readWord({ file, line: found.line }, found.value.text);
}

function readLongForm(file: string, scalar: Scalar): Element[] {
  let tree: Tree;
  try {
    tree = readJson(scalar.text, linesOf(scalar));
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return [{ selections: [], findings: [syntaxFinding(file, "json", fault)] }];
  }
  if (tree.kind === "list") return tree.items.map((item) => readElement(file, item));
  const place = { file, line: tree.line };
  return [refused(place, "the annotation is not a list", "put [ and ] around it")];
}

function readElement(file: string, tree: Tree): Element {
  const table = withNamesOf(tree, SELECTION_FIELDS);
  const name = stringAt(table, "name");
  if (table.kind !== "table" || !member(table, "name")) {
    const place = { file, line: tree.line };
    return refused(place, "a network of the annotation has no name", 'add "name"');
  }
  const place = { file, line: lineOf(table, ["name"]) };
  if (name?.includes("/")) {
    const [namespace, ...rest] = name.split("/");
    const hint = `write "namespace": ${quote(namespace!)}, "name": ${quote(rest.join("/"))}`;
    return refused(place, `in JSON, ${quote(name)} is not the name of a network`, hint);
  }
  const findings = problemsOf(file, "the annotation", table, SELECTION_FIELDS).map(asFinding);
  const namespace = stringAt(table, "namespace");
  const selections = name ? [{ ...place, name, namespace, table }] : [];
  return { selections, findings, interface: stringAt(table, "interface") };
}

function readShortForm(file: string, scalar: Scalar): Element[] {
  const lines = linesOf(scalar);
  let offset = 0;
  return scalar.text.split(",").map((part) => {
    const line = lines.at(offset + part.search(/\S|$/));
    offset += part.length + 1;
    return readWord({ file, line }, part.trim());
  });
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
  const selections = [{ ...place, name, namespace: namespace || undefined }];
  return { selections, findings: [], interface: wanted };
}

const FORM = "write NAMESPACE/NAME@INTERFACE";
const PLAIN = 'use small letters, digits and "-", or write the annotation in JSON';

function refused({ file, line }: Place, message: string, hint: string): Annotation {
  return { selections: [], findings: [asFinding(error({ file, line }, message, hint))] };
}

function asFinding(problem: Problem): Finding {
  return { ...problem, rule: "annotation" };
}

/** Puts the networks together, which get an interface each. */
function join(elements: readonly Element[], before: readonly string[]): Annotation {
  const taken = new Set(before);
  const doubles = elements.flatMap(({ selections: [place], interface: wanted }, index) => {
    const name = wanted || `net${index + 1}`;
    const isFree = !taken.has(name);
    taken.add(name);
    if (!place || isFree) return [];
    const message = `the pod has an interface ${quote(name)} already`;
    return refused(place, message, "choose another for this network").findings;
  });
  return {
    selections: elements.flatMap(({ selections }) => selections),
    findings: [...elements.flatMap(({ findings }) => findings), ...doubles],
  };
}

/** Longest name of a network interface in Linux, in bytes. */
const MAX_INTERFACE = 15;

/** The rule for names of interfaces, for hints. */
const INTERFACE_NAME =
  `must be a name of up to ${MAX_INTERFACE} bytes, without white space, "/" and ":"`;

const address = z.union([z.ipv4(), z.ipv6()], "must be an IP address");
const addressOrNetwork = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "must be an IP address, such as 10.0.0.1 or 10.0.0.1/24",
);
const hardware = text.check(z.refine(isHardwareAddress, "must be a MAC address"));

function list<T extends z.core.SomeType>(type: T) {
  return optional(z.array(type, "must be a list"));
}

/** Multus' NetworkSelectionElement, the JSON form, and its checks. */
export const SELECTION_FIELDS = z.object({
  name: text.check(z.refine((name) => name !== "", "must not be empty")),
  namespace: optional(text),
  interface: optional(text.check(z.refine(isInterface, INTERFACE_NAME))),
  ips: list(addressOrNetwork),
  mac: optional(hardware),
  "infiniband-guid": optional(hardware),
  "default-route": list(address),
  deviceID: optional(text),
  "ipam-claim-reference": optional(text),
  bandwidth: optional(z.record(text, integer, "must be an object")),
  portMappings: list(z.object(
    { hostPort: integer, containerPort: integer, protocol: optional(text), hostIP: optional(text) },
    "must be an object",
  )),
  "cni-args": optional(z.record(z.string(), z.unknown(), "must be an object")),
});

/** True for a valid name of an interface; an empty one counts as none. */
function isInterface(name: string): boolean {
  const { length } = new TextEncoder().encode(name);
  return length <= MAX_INTERFACE && !/[\s/:]|^\.\.?$/.test(name);
}

/** Of 6, 8 or 20 bytes, as Go's net.ParseMAC takes them; an empty one means that there is none. */
function isHardwareAddress(address: string): boolean {
  const [separator, digits] = address[4] === "." ? [".", 4] : [address[2] === "-" ? "-" : ":", 2];
  const groups = address.split(separator as string);
  const bytes = groups.length * Number(digits) / 2;
  const isHex = groups.every((group) => group.length === digits && /^[\da-f]+$/i.test(group));
  return address === "" || isHex && [6, 8, 20].includes(bytes);
}
