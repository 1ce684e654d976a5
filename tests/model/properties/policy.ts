/**
 * Properties of the policy's decision.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { judge } from "../../../lib/policy/decision.ts";
import { isPolicy } from "../../../lib/policy/policy.ts";
import { allows, policy, policyRequest } from "../policies.ts";
import type { Property } from "../property.ts";

/** Requests for each policy. */
const REQUESTS = 20;

/** The properties. */
export const policyProperties: readonly Property[] = [
  {
    name: `judge() decides as a naive decision does, on ${REQUESTS} requests to each policy`,
    property: fc.property(
      policy,
      fc.array(policyRequest, { minLength: REQUESTS, maxLength: REQUESTS }),
      (policy, requests) => {
        assert(isPolicy(policy));
        for (const request of requests) {
          const about = JSON.stringify(request);
          assertEquals(judge(policy, request) === undefined, allows(policy, request), about);
        }
      },
    ),
  },
  {
    name: "judge() allows no more when more is known",
    property: fc.property(
      policy,
      policyRequest,
      fc.constantFrom("namespace", "bridge", "database", "configurationPath"),
      (policy, request, member) => {
        if (judge(policy, { ...request, [member]: undefined })) assert(judge(policy, request));
      },
    ),
  },
];
