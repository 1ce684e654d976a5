/**
 * A mirror of all ports has no producers: the plugins refuse whoever comes second.
 *
 * @module
 */

import { quote } from "../../text/text.ts";
import { error } from "../finding.ts";
import { byMirror, isFed } from "../project.ts";
import type { Rule } from "./rule.ts";

/** A mirror of all ports has no room for single ones: the plugins refuse whoever comes second. */
export const allAndProducer: Rule = {
  name: "all-and-producer",
  *checkAll({ uses }) {
    for (const own of byMirror(uses)) {
      const fed = own.filter(isFed);
      for (const use of own.filter(({ all }) => all)) {
        const producer = fed.find(({ bridge }) => !bridge || !use.bridge || bridge === use.bridge);
        if (!producer) continue;
        const message = `mirror ${quote(use.mirror)} takes all ports of the bridge, and has a ` +
          `producer in ${producer.file}:${producer.line}`;
        yield error(use, message, 'leave out the producer or "all", or use two mirrors');
      }
    }
  },
};
