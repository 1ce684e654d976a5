/**
 * The pod that an attachment is for, as Kubernetes' runtimes tell it in `CNI_ARGS`.
 *
 * Source: CNI specification, section "Parameters", and CONVENTIONS.md, "CNI_ARGS".
 *
 * @module
 */

import { isPrintable } from "../input/shape.ts";

/** A pod. */
export interface PodName {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** Its UID, if the runtime tells. */
  uid?: string;
}

/** Longest name that Kubernetes gives, in characters. */
const MAX_NAME = 253;

/**
 * Reads the pod from `CNI_ARGS`. What is odd in there, as anybody may have put it there, is as good
 * as nothing.
 *
 * @param args `KEY=VALUE` pairs with semicolons between them; of a key that comes twice the last
 * counts.
 * @returns The pod, if both its namespace and its name are given.
 */
export function parsePod(args: string | undefined): PodName | undefined {
  const values = valuesOf(args);
  const value = (key: string): string | undefined => {
    const text = values.get(key);
    return text && text.length <= MAX_NAME && isPrintable(text) ? text : undefined;
  };
  const [namespace, name] = [value("K8S_POD_NAMESPACE"), value("K8S_POD_NAME")];
  const uid = value("K8S_POD_UID");
  if (!namespace || !name) return undefined;
  return { namespace, name, ...(uid !== undefined && { uid }) };
}

/**
 * Reads the namespace from `CNI_ARGS`, as it stands there.
 *
 * @param args `KEY=VALUE` pairs with semicolons between them.
 * @returns The namespace; empty if none is given.
 */
export function parseNamespace(args: string | undefined): string {
  return valuesOf(args).get("K8S_POD_NAMESPACE") ?? "";
}

function valuesOf(args: string | undefined): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of args?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0) values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return values;
}
