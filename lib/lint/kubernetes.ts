/**
 * The Kubernetes objects that a document holds.
 *
 * @module
 */

import type { Place } from "./finding.ts";
import { member, stringAt, type Tree } from "./tree.ts";

/** An object, as far as it matters here. */
export interface KubernetesObject extends Place {
  /** Its kind. */
  kind: string;
  /** Its name. */
  name?: string;
  /** Its namespace; without one it goes into the namespace that is current when it is applied. */
  namespace?: string;
  /** All of it. */
  tree: Tree;
}

/**
 * Finds the objects of a document, those in lists and OpenShift's templates too. The items of a
 * list of one kind may leave out the kind.
 *
 * @returns The objects; none if the document holds something else.
 */
export function objectsIn(file: string, tree: Tree, defaultKind?: string): KubernetesObject[] {
  const kind = stringAt(tree, "kind") ?? defaultKind;
  if (!kind) return [];
  const items = member(tree, kind === "Template" ? "objects" : "items")?.value;
  if (/List$|^Template$/.test(kind) && items?.kind === "list") {
    const [, kindOfItems] = /^(.+)List$/.exec(kind) ?? [];
    return items.items.flatMap((item) => objectsIn(file, item, kindOfItems));
  }
  const name = stringAt(tree, "metadata", "name");
  const namespace = stringAt(tree, "metadata", "namespace");
  const line = (member(tree, "metadata", "name") ?? tree).line;
  return [{ file, line, kind, name, namespace, tree }];
}

/**
 * Writes how an object is called.
 *
 * @returns For example `Deployment "web/frontend"`.
 */
export function titleOf({ kind, name, namespace }: Omit<KubernetesObject, "tree" | keyof Place>) {
  return `${kind} ${JSON.stringify(qualified(name ?? "", namespace))}`;
}

/** Writes a name with its namespace, if that is known. */
export function qualified(name: string, namespace: string | undefined): string {
  return namespace ? `${namespace}/${name}` : name;
}
