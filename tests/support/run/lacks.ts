/**
 * Things that some tests need and a machine may lack.
 *
 * @module
 */

import { findMissing, type Packages } from "./programs.ts";

/**
 * Tells whether a test has to be left out, and says so.
 *
 * @param packages Programs to the packages that have them.
 * @returns Whether a program is missing.
 * @throws {Error} One is missing in CI, which must leave nothing out.
 */
export function lacks(packages: Packages): boolean {
  const missing = findMissing(packages);
  if (!missing) return false;
  const message = `${missing.programs.join(", ")} missing: ${missing.command.join(" ")}`;
  if (Deno.env.get("CI") === "true") throw new Error(message);
  console.warn(`tests left out, ${message}`);
  return true;
}
