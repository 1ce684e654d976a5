/**
 * All rules.
 *
 * @module
 */

import { addresses } from "./addresses.ts";
import { bridges, loops, order } from "./chain.ts";
import { fields, types } from "./fields.ts";
import { memory } from "./memory.ts";
import { elsewhere, limit, unconsumed, unfed } from "./mirrors.ts";
import { nodes } from "./nodes.ts";
import { duplicates, kinds, placement, references, texts } from "./objects.ts";
import { outputs } from "./outputs.ts";
import type { Rule } from "./rule.ts";
import { sockets } from "./sockets.ts";
import { directions, names, values, versions } from "./values.ts";

/** The rules that are checked, besides that files, texts and annotations can be read. */
export const RULES: readonly Rule[] = [
  ...[kinds, texts, duplicates, placement, references],
  ...[names, versions, types, fields, values, directions],
  ...[order, bridges, sockets, loops, addresses],
  ...[unconsumed, unfed, outputs, nodes, elsewhere, limit, memory],
];
