/**
 * Attachments that end, and what a runtime may have forgotten by then.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ChainedPlugin } from "./chained.ts";
import type { Host, Pod } from "./host.ts";

/** Makes sure that nothing is attached, and nothing on record. */
export async function assertGone(host: Host): Promise<void> {
  assertEquals([await host.db.mirrors(), host.entries()], [[], []]);
}

/** A plugin that the runtime tells nothing beyond the attachment. */
export function clueless(plugin: ChainedPlugin): ChainedPlugin {
  return plugin.with({ config: { prevResult: undefined }, env: { CNI_NETNS: "" } });
}

/** Takes all that `ovs` wrote on a port from it. */
export async function unmark({ host: { db }, port }: Pod): Promise<void> {
  const row = { external_ids: ["map", []] } as const;
  await db.transact([{ op: "update", table: "Port", where: [["name", "==", port]], row }]);
}
