/**
 * All rules.
 *
 * @module
 */

import { bridges, loops, order } from "./chain.ts";
import { fields, types } from "./fields.ts";
import { elsewhere, limit, unconsumed, unfed } from "./mirrors.ts";
import { duplicates, kinds, placement, references } from "./objects.ts";
import { outputs } from "./outputs.ts";
import type { Rule } from "./rule.ts";
import { directions, names, values, versions } from "./values.ts";

/** The rules that are checked, besides that files, texts and annotations can be read. */
export const RULES: readonly Rule[] = [
  ...[kinds, duplicates, placement, references],
  ...[names, versions, types, fields, values, directions],
  ...[order, bridges, loops],
  ...[unconsumed, unfed, outputs, elsewhere, limit],
];
