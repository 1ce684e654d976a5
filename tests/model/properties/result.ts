/**
 * Properties of results on their way through the plugin.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { formatResult, isResult } from "../../../lib/cni/result.ts";
import { SUPPORTED_VERSIONS } from "../../../lib/cni/version.ts";
import type { Property } from "../property.ts";
import { prevResult } from "../requests.ts";

/** The properties. */
export const resultProperties: readonly Property[] = [
  {
    name: "formatResult() keeps every member but cniVersion, also one named __proto__",
    property: fc.property(
      prevResult.filter(isResult),
      fc.constantFrom(...SUPPORTED_VERSIONS),
      (members, cniVersion) => {
        const line = formatResult({ interfaces: [], members }, cniVersion);
        assertEquals(line.indexOf("\n"), line.length - 1);
        const passedOn = JSON.parse(line);
        assertEquals(passedOn.cniVersion, cniVersion);
        assertEquals(asText(passedOn, members), asText(members, members));
      },
    ),
  },
];

/** All of a result but what may differ: cniVersion, and the version of an address that had none. */
function asText(result: Record<string, unknown>, original: Record<string, unknown>): string {
  const { cniVersion: _, ips, ...others } = result;
  return JSON.stringify([Object.entries(others), withoutAddedVersions(ips, original.ips)]);
}

function withoutAddedVersions(ips: unknown, originals: unknown): unknown {
  if (!Array.isArray(ips) || !Array.isArray(originals)) return ips;
  return ips.map((ip, index) => {
    if (Object.hasOwn(Object(originals[index]), "version")) return ip;
    const { version: _, ...others } = Object(ip);
    return Object.entries(others);
  });
}
