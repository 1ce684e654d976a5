/**
 * What can go wrong between this program and an OVSDB server.
 *
 * @module
 */

import type { Operation } from "./operation.ts";

/** Base of every error of the OVSDB client. */
export class OvsdbError extends Error {
  /** Tells this kind of error from others. */
  override name = "OvsdbError";
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

/**
 * One operation of a transaction failed, so none of it took effect.
 *
 * Source: RFC 7047 section 4.1.3.
 */
export class OperationError extends RequestError {
  /** Tells this kind of error from others. */
  override name = "OperationError";

  /**
   * Makes the error.
   *
   * @param error The server's error string, such as `constraint violation`.
   * @param details The server's explanation, if it gave one.
   * @param operation The operation that failed; absent if the commit itself did.
   */
  constructor(
    error: string,
    details?: string,
    /** The operation that failed. */
    readonly operation?: Operation,
  ) {
    super(error, details);
  }

  /** Whether a `wait` found the database other than the transaction relied on. */
  get isFailedGuard(): boolean {
    return this.operation?.op === "wait" && this.error === "timed out";
  }
}
