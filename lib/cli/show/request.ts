/**
 * The command line of `show`, read.
 *
 * @module
 */

import { quote } from "../../input/shape.ts";
import type { Endpoint } from "../../ovsdb/endpoint.ts";
import { findDatabase } from "../database.ts";
import { CommandError } from "../errors.ts";
import { type Arguments, parseOptions } from "../options.ts";
import { DEFAULT_INTERVAL, type Format, FORMATS, OPTIONS } from "./options.ts";

/** Seconds between looks at the rates. */
const MIN_INTERVAL = 0.5;
/** The least in which the switch has counted once; it does so every 5 seconds, or a little later. */
const MIN_FOR = 6;
const MAX_SECONDS = 3600;

/** The mirrors to show, and their switch. */
export interface Selection {
  /** Address of the database. */
  endpoint: Endpoint;
  /** Names of the bridges to look at; all if empty. */
  bridges: readonly string[];
  /** Names of the mirrors to look at; all if empty. */
  mirrors: readonly string[];
  /** Pods to look for, as `namespace/name`; all if empty. */
  pods: readonly string[];
}

/** Print once. */
export interface OnceRequest {
  kind: "once";
  selection: Selection;
  format: Format;
  /** Seconds between two looks, if rates are wanted. */
  seconds?: number;
}

/** Keep printing. */
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
 * @param find Finds the database.
 * @returns What they ask for.
 * @throws {CommandError} They are not valid.
 */
export async function parseShow(
  args: readonly string[],
  find: (socket?: string) => Promise<Endpoint> = findDatabase,
): Promise<ShowRequest> {
  const given = parseOptions(args, OPTIONS);
  const { options, operands } = given;
  if (operands.length > 0) {
    throw new CommandError(
      `show takes options only, not ${quote(operands[0]!)}; name a mirror with --mirror`,
    );
  }
  const format = FORMATS.find((name) => name === options.get("format")) ?? "table";
  const interval = readSeconds(options, "interval", MIN_INTERVAL);
  const seconds = readSeconds(options, "for", MIN_FOR);
  const selection = { ...readSelection(given), endpoint: await find(options.get("socket")) };
  if (!options.has("watch")) {
    if (interval !== undefined) throw new CommandError("--interval goes with --watch only");
    return { kind: "once", selection, format, seconds };
  }
  if (format !== "table") throw new CommandError("--watch prints tables only, leave --format out");
  if (seconds !== undefined) throw new CommandError("--watch has rates by itself, leave --for out");
  return { kind: "watch", selection, interval: interval ?? DEFAULT_INTERVAL };
}

function readSelection({ lists }: Arguments): Omit<Selection, "endpoint"> {
  const pods = lists.get("pod") ?? [];
  for (const pod of pods) {
    if (!/^[^/]+\/[^/]+$/.test(pod)) {
      throw new CommandError(`option --pod can't be ${quote(pod)}; use NAMESPACE/NAME`);
    }
  }
  return {
    bridges: lists.get("bridge") ?? [],
    mirrors: lists.get("mirror") ?? [],
    pods,
  };
}

function readSeconds(
  options: Arguments["options"],
  name: string,
  least: number,
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds >= least && seconds <= MAX_SECONDS) return seconds;
  throw new CommandError(
    `option --${name} can't be ${quote(text)}; use seconds, ${least} to ${MAX_SECONDS}`,
  );
}
