/**
 * What a command line asks `show` for.
 *
 * @module
 */

import { DEFAULT_SOCKET } from "../../mirror/config.ts";
import { type Endpoint, parseEndpoint } from "../../ovsdb/endpoint.ts";
import { CommandError } from "../errors.ts";
import { parseOptions } from "../options.ts";
import { quote } from "../text.ts";
import { type Format, FORMATS, OPTIONS } from "./options.ts";

/** Seconds between looks at the rates. */
const DEFAULT_INTERVAL = 2;
const MIN_INTERVAL = 0.5;
const MAX_INTERVAL = 3600;

/** Which mirrors of which switch. */
export interface Selection {
  /** Where the database is. */
  endpoint: Endpoint;
  /** Name of the only bridge to look at. */
  bridge?: string;
  /** Name of the only mirrors to look at. */
  mirror?: string;
}

/** Print once. */
export interface OnceRequest {
  kind: "once";
  selection: Selection;
  format: Format;
}

/** Go on printing. */
export interface WatchRequest {
  kind: "watch";
  selection: Selection;
  /** Seconds between looks at the rates. */
  interval: number;
}

/** One kind of call. */
export type ShowRequest = OnceRequest | WatchRequest;

/**
 * Reads the command line of `show`.
 *
 * @param args The words after the command's name.
 * @returns What they ask for.
 * @throws {CommandError} They make no sense.
 */
export function parseShow(args: readonly string[]): ShowRequest {
  const { options, operands } = parseOptions(args, OPTIONS);
  if (operands.length > 0) {
    throw new CommandError(`show takes options only, not ${quote(operands[0]!)}`);
  }
  const selection = {
    endpoint: readEndpoint(options.get("socket") ?? DEFAULT_SOCKET),
    bridge: options.get("bridge"),
    mirror: options.get("mirror"),
  };
  const format = FORMATS.find((name) => name === options.get("format")) ?? "table";
  const interval = options.get("interval");
  if (!options.has("watch")) {
    if (interval !== undefined) throw new CommandError("--interval goes with --watch only");
    return { kind: "once", selection, format };
  }
  if (format !== "table") throw new CommandError("--watch prints tables only, leave --format out");
  return { kind: "watch", selection, interval: readInterval(interval) };
}

function readEndpoint(address: string): Endpoint {
  try {
    return parseEndpoint(address);
  } catch (error) {
    const hint = (error as Error).message;
    throw new CommandError(`option --socket can't be ${quote(address)}; ${hint}`);
  }
}

function readInterval(text: string | undefined): number {
  const interval = text === undefined ? DEFAULT_INTERVAL : Number(text);
  if (interval >= MIN_INTERVAL && interval <= MAX_INTERVAL) return interval;
  throw new CommandError(
    `option --interval can't be ${quote(text!)}; use seconds, ${MIN_INTERVAL} to ${MAX_INTERVAL}`,
  );
}
