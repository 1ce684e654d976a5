/**
 * Whether a machine can carry packets between pods.
 *
 * @module
 */

import { lacks } from "./lacks.ts";
import { NamespacesForbidden, Node } from "./namespace.ts";
import { SWITCH_PROGRAMS } from "./programs.ts";

/**
 * Tells whether tests with packets have to be left out, and says so.
 *
 * @returns Whether a program is missing, or namespaces are forbidden.
 * @throws {Error} That is so in CI, which must leave nothing out.
 */
export async function lacksSwitch(): Promise<boolean> {
  if (lacks(SWITCH_PROGRAMS)) return true;
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    await using _node = await Node.start(directory);
    return false;
  } catch (error) {
    if (!(error instanceof NamespacesForbidden) || Deno.env.get("CI") === "true") throw error;
    console.warn(`tests left out, ${error.message}`);
    return true;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
