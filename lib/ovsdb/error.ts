/**
 * Errors in talking to an OVSDB server.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.ts";

/** Base of every error of the OVSDB client. */
export class OvsdbError extends Error {
  /** Tells this kind of error from others. */
  override name = "OvsdbError";
  /** Address of the server; set by callers that work with several. */
  server?: Endpoint;
}

/** The server can't be reached, or the connection broke. Trying again later may help. */
export class ConnectionError extends OvsdbError {
  /** Tells this kind of error from others. */
  override name = "ConnectionError";
}

/** The time allowed for the exchange ran out. */
export class DeadlineError extends OvsdbError {
  /** Tells this kind of error from others. */
  override name = "DeadlineError";
}

/** The peer does not speak JSON-RPC as RFC 7047 section 4 has it. */
export class ProtocolError extends OvsdbError {
  /** Tells this kind of error from others. */
  override name = "ProtocolError";
}

/** The server refused a request as a whole, such as one that names an unknown database. */
export class RequestError extends OvsdbError {
  /** Tells this kind of error from others. */
  override name = "RequestError";

  /**
   * Makes the error.
   *
   * @param error The server's error string, such as `unknown database`.
   * @param details The server's explanation, if it gave one.
   */
  constructor(
    /** The server's error string. */
    readonly error: string,
    /** The server's explanation. */
    readonly details?: string,
  ) {
    super(details ? `${error}: ${details}` : error);
  }
}
