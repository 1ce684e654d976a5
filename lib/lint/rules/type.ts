/**
 * No plugin's type is likely to be one of ours that is misspelt.
 *
 * @module
 */

import { consumer, producer } from "../../mirror/role.ts";
import { quote } from "../../text/text.ts";
import { error } from "../finding.ts";
import { didYouMean, type Rule } from "./rule.ts";

/** No plugin is likely to be one of ours that is misspelt. */
export const type: Rule = {
  name: "type",
  *checkDocument({ networks }, guess) {
    const ours = [producer.plugin, consumer.plugin];
    for (const { file, line, type, role } of networks.flatMap(({ plugins }) => plugins)) {
      const meant = role ? undefined : guess(type, ours);
      if (meant) {
        yield error({ file, line }, `no plugin is called ${quote(type)}`, didYouMean(meant));
      }
    }
  },
};
