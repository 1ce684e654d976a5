/**
 * Database errors, in words that a person can act on.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../../ovsdb/endpoint.ts";
import { ConnectionError, DeadlineError, OvsdbError, ProtocolError } from "../../ovsdb/error.ts";
import { printable } from "../../text/text.ts";
import { CommandError, EXIT } from "../errors.ts";

/**
 * Puts a failure in words.
 *
 * @param error What was thrown.
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
