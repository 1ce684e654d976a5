/**
 * Access to the switch's database, with errors that a person can act on.
 *
 * @module
 */

import { Client } from "../../ovsdb/client.ts";
import { type Endpoint, formatEndpoint } from "../../ovsdb/endpoint.ts";
import { ConnectionError, DeadlineError, OvsdbError, ProtocolError } from "../../ovsdb/error.ts";
import { CommandError, EXIT } from "../errors.ts";
import { printable } from "../text.ts";
import { MAX_MESSAGE_BYTES } from "./columns.ts";

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

/**
 * Puts a failure in words.
 *
 * @param error What was thrown.
 * @param endpoint The database.
 * @returns An error for a person, or the error itself if it is not one of the database's.
 */
export function explainFailure(error: unknown, endpoint: Endpoint): unknown {
  if (!(error instanceof OvsdbError)) return error;
  return new CommandError(problemOf(error, printable(formatEndpoint(endpoint))), EXIT.failure);
}

function problemOf(error: OvsdbError, address: string): string {
  const message = printable(error.message);
  if (error instanceof ConnectionError) {
    const why = error.cause instanceof Error ? ` (${error.cause.name})` : "";
    return `${message}${why}; ${connectionHint(error)}`;
  }
  if (error instanceof DeadlineError) return `${address} does not answer; is it ovsdb-server?`;
  if (error instanceof ProtocolError) return `${address}: ${message}; is it ovsdb-server?`;
  return `${address} is not the database of Open vSwitch (${message}); name its socket by --socket`;
}

function connectionHint({ cause }: ConnectionError): string {
  if (cause instanceof Deno.errors.PermissionDenied) return "run this as root";
  return "is ovsdb-server running, and does --socket name its socket?";
}
