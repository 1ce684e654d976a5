/**
 * Refuses far ends that are the node itself. Loaded only if a producer sends copies to a remote
 * host.
 *
 * @module
 */

import type { Remote } from "../mirror/config/config.ts";
import { Refusal } from "../mirror/refusal.ts";
import { quote } from "../input/shape.ts";

/** Addresses reserved for documentation, which no host has. */
const NOBODY: Readonly<Record<"ipv4" | "ipv6", string>> = {
  ipv4: "203.0.113.254",
  ipv6: "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe",
};

/**
 * Refuses a far end that is the node itself: copies would come back to it.
 *
 * @param remotes The far ends.
 * @throws {Refusal} A far end is the node itself.
 */
export function refuseOwnAddress(remotes: readonly Remote[]): void {
  for (const { address } of remotes) {
    if (!isOwn(address)) continue;
    throw new Refusal(
      "invalid configuration",
      `"remote" has the address ${quote(address)}, which is the node's own`,
      "use the address of another host; on the node, a consumer gets the copies",
    );
  }
}

/**
 * Tells whether an address is the node's own: the kernel listens at no other, unless configured to.
 */
function isOwn(address: string): boolean {
  const nobody = address.includes(":") ? NOBODY.ipv6 : NOBODY.ipv4;
  return canListen(address) && !canListen(nobody);
}

function canListen(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
