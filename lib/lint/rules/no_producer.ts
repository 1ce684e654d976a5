/**
 * Each mirror that is consumed has a producer.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error, warning } from "../finding.ts";
import { isConsumed } from "../project.ts";
import { withoutCounterpart } from "./counterpart.ts";
import type { Rule } from "./rule.ts";

/** A mirror has something to carry. A consumer of all ports has that, but not those beside it. */
export const noProducer: Rule = {
  name: "no-producer",
  checkAll: ({ uses }, guess) =>
    withoutCounterpart(uses.filter(({ all }) => !all), isConsumed, guess).map(({ use, meant }) => {
      const message = `nobody here feeds mirror ${quote(use.mirror)}`;
      const isTaken = uses.some(({ mirror, all }) => all && mirror === use.mirror);
      if (isTaken) return error(use, message, TAKE_ALL);
      return warning(use, message, meant ?? "add a network that feeds it");
    }),
};

/** ADD refuses whoever comes second. */
const TAKE_ALL = 'set "all" here too, as the other consumer has it, or use another mirror';
