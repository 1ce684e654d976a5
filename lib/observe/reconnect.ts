/**
 * Following a database, whatever becomes of its server.
 *
 * @module
 */

import type { Endpoint } from "../ovsdb/endpoint.ts";
import { OvsdbError } from "../ovsdb/error.ts";
import { Follower } from "./follower.ts";
import { sleep } from "./sleep.ts";

/** Milliseconds between attempts to connect: at first, doubled each time, and at most. */
const FIRST_RETRY = 250;
const LAST_RETRY = 5_000;

/** Callbacks for the times with a connection and without one. */
export interface Reconnecting {
  /** Uses a connection until it ends, which rejects. */
  use(follower: Follower): Promise<void>;
  /** Is told why there is no connection, once until there is one; may give up by throwing. */
  lost(error: OvsdbError): void;
}

/**
 * Connects, and again whenever the connection ended.
 *
 * @param signal Ends it.
 * @param what What is done meanwhile.
 */
export async function reconnect(
  endpoint: Endpoint,
  signal: AbortSignal,
  { use, lost }: Reconnecting,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      using follower = await Follower.open(endpoint, signal);
      failures = 0;
      await use(follower);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof OvsdbError)) throw error;
      if (failures === 0) lost(error);
      await sleep(Math.min(FIRST_RETRY * 2 ** failures, LAST_RETRY), signal);
      failures++;
    }
  }
}
