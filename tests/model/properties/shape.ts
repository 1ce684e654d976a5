/**
 * Properties that hold the two forms of each check together: the function that a normal call uses
 * and the schema that explains.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { areValidAttachments } from "../../../lib/cni/gc.ts";
import { isResult } from "../../../lib/cni/result.ts";
import { explain, SCHEMAS } from "../../../lib/schema/explain.ts";
import { areDefaults, arePluginMembers } from "../../../lib/mirror/config/config.ts";
import { isRemote } from "../../../lib/mirror/config/remote.ts";
import { type Kind, ShapeError } from "../../../lib/input/shape.ts";
import { isPolicy } from "../../../lib/policy/policy.ts";
import { json } from "../json.ts";
import { policyLike } from "../policies.ts";
import type { Property } from "../property.ts";
import { pluginMembers, prevResult, validAttachments } from "../requests.ts";

interface Twins {
  check(value: unknown): boolean;
  nearMisses: fc.Arbitrary<unknown>;
}

const TWINS: Readonly<Record<Kind, Twins>> = {
  "configuration": { check: areAllMembers, nearMisses: pluginMembers },
  "configuration file": { check: areDefaults, nearMisses: pluginMembers },
  "policy": { check: isPolicy, nearMisses: policyLike },
  "prevResult": { check: isResult, nearMisses: prevResult },
  "valid attachments": { check: areValidAttachments, nearMisses: validAttachments },
};

/** With what is checked only where a mirror leaves the node. */
function areAllMembers(value: unknown): boolean {
  return arePluginMembers(value) &&
    value.mirrors.every(({ remote }) => !remote || isRemote(remote));
}

const OF_OTHERS = / must (be of type \w+|not be empty|be one of [\w, ]+|be at (least|most) -?\d+)$/;

/** Members of a policy that are unknown are refused, and texts have to be names or addresses. */
const OF_POLICY = new RegExp(
  OF_OTHERS.source +
    /| has an unknown member(, is "\w+" meant\?)?$| must be (a network|an absolute|unix:|printable|true)/
      .source,
);

/** The properties. */
export const shapeProperties: readonly Property[] = Object.entries(TWINS).flatMap(
  ([name, { check, nearMisses }]) => {
    const kind = name as Kind;
    const value = fc.oneof({ weight: 4, arbitrary: nearMisses }, { weight: 1, arbitrary: json });
    return [
      {
        name: `${check.name}() agrees with the schema of ${kind}`,
        property: fc.property(value, (value) => {
          assertEquals(check(value), SCHEMAS[kind].safeParse(value).success);
        }),
      },
      {
        name: `explain() says what is wrong with each ${kind} that ${check.name}() refuses`,
        property: fc.property(value.filter((value) => !check(value)), (value) => {
          const text = explain(new ShapeError(kind, value, "it"));
          assertMatch(text, /^it is not valid: (it|"[\w.[\]]+") (must|has) /);
          assertMatch(text, kind === "policy" ? OF_POLICY : OF_OTHERS);
        }),
      },
    ];
  },
);
