/**
 * Turns an exception into the error that the runtime is told.
 *
 * @module
 */

import type { Command } from "../cni/environment.ts";
import { CniCode, CniError } from "../cni/error.ts";
import { MAX_ANSWER, quote } from "../input/shape.ts";
import { FileError } from "../input/files.ts";
import { columnSince } from "../mirror/config/options.ts";
import { Refusal } from "../mirror/refusal.ts";
import { type Endpoint, formatEndpoint } from "../ovsdb/endpoint.ts";
import {
  ConnectionError,
  DeadlineError,
  OvsdbError,
  ProtocolError,
  RequestError,
} from "../ovsdb/error.ts";
import { codeOf, CODES } from "./codes.ts";
import { SlowFileError } from "./deadline.ts";
import { OperationError } from "../ovsdb/result.ts";

/**
 * Turns an error into a CNI error.
 *
 * @param error What was thrown.
 * @param command What the plugin was doing.
 * @param endpoint The database, once it is known; the error itself may know better.
 * @returns The CNI error, or the error itself if it was not expected.
 */
export function toCniError(error: unknown, command: Command, endpoint?: Endpoint): unknown {
  if (error instanceof Refusal) {
    return new CniError(codeOf(error.reason), error.message, error.hint);
  }
  if (error instanceof FileError) {
    const hint = "check the file, its directory and their permissions";
    return new CniError(CniCode.ioFailure, `${command} failed: ${error.message}`, hint);
  }
  if (error instanceof SlowFileError) {
    const hint = "find out what the file system is busy with; the runtime tries again";
    return new CniError(CniCode.tryAgainLater, `${command} failed: ${error.message}`, hint);
  }
  const server = error instanceof OvsdbError && error.server || endpoint;
  return databaseError(error, command, server ? ` ${formatEndpoint(server)}` : "");
}

function databaseError(error: unknown, command: Command, database: string): unknown {
  const fail = (code: number, what: string, hint: string): CniError =>
    new CniError(code, `${command} failed at the database${database}: ${what}`, hint);
  if (error instanceof DeadlineError) {
    const hint = "find out what ovsdb-server is busy with; the runtime tries again";
    return fail(CniCode.tryAgainLater, error.message, hint);
  }
  if (error instanceof ConnectionError) return fail(...connectionProblem(error));
  if (error instanceof RequestError) {
    const column = missingInSchema(error);
    if (column) return fail(CODES["refused by server"], ...column);
    const table = error instanceof OperationError ? operationName(error) : "";
    const hint = error.error === "I/O error"
      ? "see the log of ovsdb-server; is the disk full that its database is on?"
      : "see the log of ovsdb-server; is this the database of Open vSwitch?";
    return fail(
      CODES["refused by server"],
      `the server refused${table}: ${quote(error.message, MAX_ANSWER)}`,
      hint,
    );
  }
  if (error instanceof ProtocolError) {
    return fail(
      CODES["not ovsdb"],
      error.message,
      'let "socket_file" name the socket of ovsdb-server',
    );
  }
  return error;
}

/** Tells what the server's schema lacks, and which version has it. */
function missingInSchema({ message }: RequestError): [string, string] | undefined {
  if (message.includes("dot1q-tunnel")) {
    return ['its schema has no "dot1q-tunnel"', "the plugins need Open vSwitch 2.8 or later"];
  }
  const column = /\bNo column (\w+) in table|\b(\w+) is not a valid column name/.exec(message);
  const name = column?.[1] ?? column?.[2];
  if (name === undefined) return undefined;
  const since = columnSince(name);
  return [
    `its schema has no column ${quote(name)}`,
    since ? `that needs Open vSwitch ${since} or later` : "is this the database of Open vSwitch?",
  ];
}

function connectionProblem(error: ConnectionError): [number, string, string] {
  const { cause } = error;
  const why = cause instanceof Error ? ` (${cause.name})` : "";
  if (cause instanceof Deno.errors.PermissionDenied) {
    return [CniCode.ioFailure, error.message + why, "run the plugin as root"];
  }
  if (cause instanceof Deno.errors.NotCapable) {
    const hint = 'let "socket_file" name a database that the executable was built to reach';
    return [CniCode.ioFailure, error.message + why, hint];
  }
  const hint = 'is ovsdb-server running, and does "socket_file" name its socket?';
  return [CniCode.tryAgainLater, error.message + why, hint];
}

function operationName({ operation }: OperationError): string {
  if (!operation) return " to commit";
  return "table" in operation ? ` "${operation.op}" on ${operation.table}` : ` "${operation.op}"`;
}
