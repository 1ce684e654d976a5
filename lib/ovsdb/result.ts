/**
 * Results of a transaction's operations.
 *
 * Source: RFC 7047 sections 4.1.3 and 5.2.
 *
 * @module
 */

import { ProtocolError, RequestError } from "./error.ts";
import type { Operation } from "./operation.ts";
import type { Row } from "./value.ts";

/** Result of one operation. */
export interface OperationResult {
  /** Of `select`. */
  rows?: Row[];
  /** Of `update`, `mutate` and `delete`: how many rows were found. */
  count?: number;
  /** Of `insert`. */
  uuid?: readonly ["uuid", string];
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

  /** True if a `wait` found the database other than the transaction relied on. */
  get isFailedGuard(): boolean {
    return this.operation?.op === "wait" && this.error === "timed out";
  }
}

/**
 * Reads the `result` of a `transact` reply.
 *
 * A failed operation is answered by an error, those after it by null; a failed commit by one
 * error more than there were operations.
 *
 * @param operations The operations sent.
 * @param result The reply's `result`.
 * @returns One answer per operation.
 * @throws {OperationError} The transaction was aborted.
 * @throws {ProtocolError} The reply has another form.
 */
export function operationResults(
  operations: readonly Operation[],
  result: unknown,
): OperationResult[] {
  if (!Array.isArray(result) || result.length < operations.length) {
    throw new ProtocolError('a reply to "transact" does not answer each operation');
  }
  result.forEach((answer, index) => {
    if (typeof answer?.error !== "string") return;
    throw new OperationError(answer.error, asString(answer.details), operations[index]);
  });
  if (result.some((answer) => Object(answer) !== answer)) {
    throw new ProtocolError('a reply to "transact" has an answer that is not an object');
  }
  return result;
}

/**
 * The rows that a `select` found.
 *
 * @param result The answer to the `select`.
 * @returns The rows.
 * @throws {ProtocolError} The answer has none.
 */
export function selectedRows(result: OperationResult | undefined): Row[] {
  const rows = result?.rows;
  if (Array.isArray(rows) && rows.every((row) => Object(row) === row)) return rows;
  throw new ProtocolError('an answer to "select" has no rows');
}

/** A value, if it is a string. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
