/**
 * A bridge has no more mirrors than the switch carries.
 *
 * @module
 */

import { MAX_MIRRORS } from "../../mirror/config/config.ts";
import { quote } from "../../text/text.ts";
import { error, warning } from "../finding.ts";
import { byMirror } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A bridge has no more mirrors than the switch carries. */
export const tooManyMirrors: Rule = {
  name: "too-many-mirrors",
  *checkAll({ uses }) {
    for (const [bridge, own] of Map.groupBy(uses, ({ bridge }) => bridge)) {
      const mirrors = byMirror(own);
      const surplus = mirrors[MAX_MIRRORS]?.[0];
      if (!surplus) continue;
      const message = `${mirrors.length} mirrors are on bridge ${quote(bridge ?? "")}`;
      const hint =
        `the switch carries ${MAX_MIRRORS} per bridge: spread them over bridges or nodes`;
      // One chain asks for all of its mirrors at once; those of several may be on several nodes.
      const isCertain = own.every(({ network }) => network === surplus.network);
      yield (isCertain ? error : warning)(surplus, message, hint);
    }
  },
};
