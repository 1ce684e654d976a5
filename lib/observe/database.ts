/**
 * Access to the switch's database for one look.
 *
 * @module
 */

import { Client } from "../ovsdb/client.ts";
import type { Endpoint } from "../ovsdb/endpoint.ts";
import { MAX_MESSAGE_BYTES } from "./tables.ts";

/** Milliseconds for connecting and reading, also of ten thousands of ports on a busy machine. */
export const TIMEOUT = 30_000;

/**
 * Connects to a database for one look.
 *
 * @param endpoint Where it is.
 * @returns A connection that is closed after {@linkcode TIMEOUT}.
 * @throws {OvsdbError} It could not be made.
 */
export async function connect(endpoint: Endpoint): Promise<Client> {
  return await Client.connect(endpoint, {
    signal: AbortSignal.timeout(TIMEOUT),
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
}
