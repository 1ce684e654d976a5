/**
 * All rules.
 *
 * @module
 */

import { addresses, leases } from "./addresses.ts";
import { bridges, loops, order } from "./chain.ts";
import { fields, types } from "./fields.ts";
import { memory } from "./memory.ts";
import { crowded, elsewhere, limit, unconsumed, unfed } from "./mirrors.ts";
import { nodes } from "./nodes.ts";
import { duplicates, kinds, placement, references, texts } from "./objects.ts";
import { outputs } from "./outputs.ts";
import type { Rule } from "./rule.ts";
import { sockets } from "./sockets.ts";
import { directions, names, values, versions } from "./values.ts";

/** The rules that look at one document at a time, besides that it can be read. */
export const OF_DOCUMENTS: readonly Rule[] = [
  ...[kinds, texts, placement, names, versions, types, fields, values, directions],
  ...[order, bridges, sockets, loops, leases, memory],
];

/** The rules that look at all documents together. */
export const OF_ALL: readonly Rule[] = [
  ...[duplicates, references, addresses],
  ...[unconsumed, unfed, crowded, outputs, nodes, elsewhere, limit],
];
