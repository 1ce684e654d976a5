/**
 * Properties of the variables that a runtime sets.
 *
 * @module
 */

import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { type Attachment, parseAttachment } from "../../../lib/cni/environment.ts";
import { CniError } from "../../../lib/cni/error.ts";
import type { Property } from "../property.ts";
import { variables } from "../requests.ts";

/** The properties. */
export const environmentProperties: readonly Property[] = [
  {
    name: "parseAttachment() throws nothing but code 4, and lets no name leave its directory",
    property: fc.property(variables, (values) => {
      let attachment: Attachment;
      try {
        attachment = parseAttachment("DEL", (name) => values[name]);
      } catch (error) {
        assertInstanceOf(error, CniError);
        return assertEquals((error as CniError).code, 4);
      }
      assertMatch(attachment.containerId, /^[A-Za-z0-9][\w.-]{0,199}$/);
      assertMatch(attachment.ifname, /^[^/:\s\0]{1,15}$/);
      assertMatch(attachment.ifname, /^(?!\.{1,2}$)/);
      assertMatch(attachment.netns, /^[^\0\n]{0,4096}$/);
    }),
  },
];
