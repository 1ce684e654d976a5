/**
 * The command line of `capture`, read.
 *
 * @module
 */

import { type Address, parseAddress } from "../listen.ts";
import { parseDuration } from "../duration.ts";
import { CommandError } from "../errors.ts";
import { type Arguments, parseOptions } from "../options.ts";
import { quote } from "../../text/text.ts";
import { type FormatName, OPTIONS, PORTS, type Protocol } from "./options.ts";

/** No packet is longer: more than what a datagram can hold, and the most that readers take. */
const MAX_SNAPLEN = 262_144;
/** An Ethernet header; Open vSwitch's own least. */
const MIN_SNAPLEN = 14;
const MAX_KEY = 2 ** 24 - 1;
const MAX_SECONDS = 24 * 3600;

/** Packets to receive, and the way to write them. */
export interface CaptureRequest {
  address: Address;
  protocol: Protocol;
  /** The key (VNI) that packets have to have; any if absent. */
  key?: number;
  /** The file to write; standard output if absent. */
  path?: string;
  format: FormatName;
  /** Packets after which to end. */
  count: number;
  /** Seconds after which to end. */
  seconds?: number;
  /** Most bytes of a packet that are kept. */
  snaplen: number;
}

/**
 * Reads the command line of `capture`.
 *
 * @param args The words after the command's name.
 * @returns What they ask for.
 * @throws {CommandError} They are not valid.
 */
export function parseCapture(args: readonly string[]): CaptureRequest {
  const { options, operands } = parseOptions(args, OPTIONS);
  if (operands.length > 0) {
    throw new CommandError(`capture takes options only, not ${quote(operands[0]!)}`);
  }
  const given = options.get("listen");
  if (given === undefined) {
    throw new CommandError("name the address to receive on, such as --listen 10.0.0.1");
  }
  const protocol = (options.get("protocol") ?? "vxlan") as Protocol;
  const time = options.get("for");
  return {
    address: parseAddress(given, PORTS[protocol]),
    protocol,
    key: parseNumber(options, "key", 0, MAX_KEY),
    path: options.get("write"),
    format: (options.get("format") ?? "pcapng") as FormatName,
    count: parseNumber(options, "count", 1, Number.MAX_SAFE_INTEGER) ?? Infinity,
    seconds: time === undefined ? undefined : parseDuration("for", time, MAX_SECONDS),
    snaplen: parseNumber(options, "snaplen", MIN_SNAPLEN, MAX_SNAPLEN) ?? MAX_SNAPLEN,
  };
}

function parseNumber(
  options: Arguments["options"],
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new CommandError(
    `option --${name} can't be ${quote(text)}; use a number, ${least} to ${most}`,
  );
}
