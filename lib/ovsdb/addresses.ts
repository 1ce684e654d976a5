/**
 * The other addresses of a name. Loaded only where nobody listens at the first.
 *
 * @module
 */

import { lookup } from "node:dns/promises";

/**
 * Connects to a name at each of its addresses, one after the other: `localhost` is `::1` first on
 * many machines, and a server may listen at `127.0.0.1` alone.
 *
 * @param endpoint The name and the port.
 * @param refused Why it did not work out at first.
 * @throws What was thrown at first, if nobody listens at any.
 */
export async function connectToAny(
  { hostname, port }: { hostname: string; port: number },
  refused: unknown,
): Promise<Deno.Conn> {
  const found = await lookup(hostname, { all: true }).catch(() => []);
  for (const { address } of found) {
    try {
      return await Deno.connect({ hostname: address, port });
    } catch {
      // The next one may do; if none does, the first reason is the one to report.
    }
  }
  throw refused;
}
