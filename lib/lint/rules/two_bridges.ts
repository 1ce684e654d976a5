/**
 * A mirror is on one bridge, as its name is unique on a switch.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { warning } from "../finding.ts";
import { byMirror } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A mirror is on one bridge, as its name is unique on a switch. */
export const twoBridges: Rule = {
  name: "two-bridges",
  *checkAll({ uses }) {
    for (const [first, ...others] of byMirror(uses.filter(({ bridge }) => bridge))) {
      const other = others.find(({ bridge }) => bridge !== first!.bridge);
      if (!other) continue;
      const message = `mirror ${quote(other.mirror)} is on bridge ${quote(other.bridge!)} here, ` +
        `and on ${quote(first!.bridge!)} in ${first!.file}:${first!.line}`;
      yield warning(other, message, "a mirror's name is unique on a switch: choose another");
    }
  },
};
