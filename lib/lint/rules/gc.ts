/**
 * A network beside Multus in a directory of CNI configurations, whose attachments a runtime does not
 * list at GC.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { type Problem, warning } from "../finding.ts";
import type { Network } from "../network.ts";
import type { Rule } from "./rule.ts";

/** Multus, called directly or by its daemon's shim. */
const MULTUS = ["multus", "multus-shim"];

/** CRI-O calls GC for both networks, and counts all pods as attachments of the default one. */
export const gc: Rule = {
  name: "gc",
  *checkAll({ networks }) {
    const files = networks.filter(({ definition }) => !definition);
    for (const own of Map.groupBy(files, directoryOf).values()) yield* besideMultus(own);
  },
};

function directoryOf({ file }: Network): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

function* besideMultus(networks: readonly Network[]): Iterable<Problem> {
  const multus = networks.find(({ plugins }) => plugins.some(({ type }) => MULTUS.includes(type)));
  if (!multus) return;
  for (const network of networks) {
    if (network.disablesGC || !network.plugins.some(({ role }) => role)) continue;
    const name = multus.file.slice(directoryOf(multus).length);
    const message = `${quote(name)} is beside it: CRI-O counts the pods of both as that ` +
      "network's, and tells GC that this one has none";
    yield warning(network, message, 'set "disableGC" to true beside "plugins"');
  }
}
