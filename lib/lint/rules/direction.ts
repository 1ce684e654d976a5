/**
 * Only producers choose a direction: a consumer takes what there is.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { warning } from "../finding.ts";
import { member } from "../tree.ts";
import type { Rule } from "./rule.ts";

/** A consumer takes what there is: directions are the producers' choice. */
export const direction: Rule = {
  name: "direction",
  *checkDocument(project) {
    for (const { file, role, table } of project.mirrorPlugins) {
      if (role.name !== "consumer") continue;
      const mirrors = member(table, "mirrors")?.value;
      for (const item of mirrors?.kind === "list" ? mirrors.items : []) {
        const found = member(item, "ingress") ?? member(item, "egress");
        if (!found) continue;
        const message = `${quote(found.key)} means nothing to a consumer`;
        yield warning({ file, line: found.line }, message, "set it where the mirror is fed");
      }
    }
  },
};
