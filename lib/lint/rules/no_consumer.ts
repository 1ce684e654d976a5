/**
 * Each mirror that is fed has a consumer.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { warning } from "../finding.ts";
import { isFed, type MirrorUse } from "../project.ts";
import { withoutCounterpart } from "./counterpart.ts";
import type { Rule } from "./rule.ts";

/** Somebody gets what a mirror carries. */
export const noConsumer: Rule = {
  name: "no-consumer",
  checkAll: ({ uses }, guess) =>
    withoutCounterpart(uses.filter(staysHere(uses)), isFed, guess).map(({ use, meant }) => {
      const message = `nobody here consumes mirror ${quote(use.mirror)}`;
      return warning(use, message, meant ?? "add a network that consumes it");
    }),
};

/** Copies that leave the node need no consumer on it. */
function staysHere(uses: readonly MirrorUse[]): (use: MirrorUse) => boolean {
  const leaving = new Set(uses.filter(({ remote }) => remote).map(({ mirror }) => mirror));
  return ({ mirror }) => !leaving.has(mirror);
}
