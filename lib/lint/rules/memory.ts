/**
 * In thick mode, Multus' daemon calls the plugins in its own container, within its limit of memory.
 *
 * @module
 */

import { type Problem, warning } from "../finding.ts";
import type { KubernetesObject } from "../kubernetes.ts";
import { member, plain, type Scalar, stringAt, type Tree } from "../tree.ts";
import { podSpec } from "../workload.ts";
import type { Rule } from "./rule.ts";

/** The need of the daemon and one call, in bytes, as measured (docs/OPERATIONS.md). */
const THICK_MULTUS_MEMORY = 100 * 2 ** 20;

/** Multus has the memory that the plugins need. */
export const memory: Rule = {
  name: "memory",
  checkDocument: ({ objects }) =>
    objects.filter(({ kind }) => kind === "DaemonSet").flatMap(limitOf),
};

function limitOf(object: KubernetesObject): Problem[] {
  const containers = member(podSpec(object), "containers")?.value;
  const daemon = containers?.kind === "list" ? containers.items.find(isThickMultus) : undefined;
  const limit = member(daemon, "resources", "limits", "memory");
  const size = limit?.value.kind === "scalar" ? bytesOf(limit.value) : NaN;
  if (!limit || !(size < THICK_MULTUS_MEMORY)) return [];
  const message = "the memory of Multus in thick mode is too little for its daemon and the plugins";
  const hint = "set the limit to 256Mi, which has room for nine calls at once";
  return [warning({ file: object.file, line: limit.line }, message, hint)];
}

/** The daemon's program is `multus-daemon`; an image of thick mode has that as its own command. */
function isThickMultus(container: Tree): boolean {
  const words = ["command", "args"].map((key) => member(container, key)?.value);
  return words.some((list) => list && /multus-daemon/.test(JSON.stringify(plain(list)))) ||
    /multus[^@]*:[^@]*thick/.test(stringAt(container, "image") ?? "");
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ m: 1e-3, k: 1e3, M: 1e6, G: 1e9 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 },
};

/** Reads a quantity, such as `50Mi`. One of a larger unit is not too little, whatever it is. */
function bytesOf({ text }: Scalar): number {
  const [, number, unit] = /^([\d.]+(?:[eE][-+]?\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  return Number(number) * (unit === "" ? 1 : UNITS[unit!] ?? NaN);
}
