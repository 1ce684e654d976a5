/**
 * A port is not source and output of the same mirror.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error, type Problem } from "../finding.ts";
import { isFed, type MirrorUse } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A port is not source and output of the same mirror. */
export const loop: Rule = {
  name: "loop",
  checkDocument: ({ uses }) =>
    [...Map.groupBy(uses, ({ network }) => network).values()].flatMap(loopsOf),
};

function loopsOf(uses: readonly MirrorUse[]): Problem[] {
  const fed = new Set(uses.filter(isFed).map(({ mirror }) => mirror));
  return uses.filter((use) => !isFed(use) && fed.has(use.mirror)).map((use) => {
    const message = `the port would be both source and output of mirror ${quote(use.mirror)}`;
    return error(use, message, "feed and consume a mirror in two networks");
  });
}
