/**
 * Reads values of a filter's fields.
 *
 * @module
 */

import { isIPv4, isIPv6 } from "../../input/address.ts";

/** Names of flags to their bits. */
const FLAGS = {
  "TCP flags": ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns"],
  "connection states": ["new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"],
  "tunnel flags": ["oam"],
} as const;

/** Names of the kinds of fragments that have one value each. */
const FRAGMENTS = ["no", "first", "later"];

/** The bit of a VLAN's tag control information that is set if there is a tag. */
export const HAS_TAG = 0x1000;

/** Types of values: `u` and the number of bits for a number. */
export type ValueKind =
  | `u${number}`
  | "VLAN"
  | "MAC address"
  | "IPv4 address"
  | "IPv6 address"
  | "fragment"
  | keyof typeof FLAGS;

/** A description of valid values. */
export interface Mismatch {
  /** In words, such as `a number from 0 to 255`. */
  wanted: string;
}

/**
 * Reads a value.
 *
 * @param kind What it has to be.
 * @param text The value.
 * @returns The number for it, which has no meaning for addresses; or what it should be.
 */
export function readValue(kind: ValueKind, text: string): number | Mismatch {
  switch (kind) {
    case "VLAN":
      return vlan(text) ?? { wanted: "a VLAN from 0 to 4095, or 0xffff for none" };
    case "MAC address":
      return address(/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(text), `a ${kind}`);
    case "IPv4 address":
      return address(isIPv4(text), `an ${kind}`);
    case "IPv6 address":
      return address(isIPv6(text), `an ${kind}`);
    case "fragment":
      return FRAGMENTS.includes(text.toLowerCase())
        ? FRAGMENTS.indexOf(text.toLowerCase())
        : { wanted: `one of ${FRAGMENTS.join(", ")}` };
    case "TCP flags":
    case "connection states":
    case "tunnel flags":
      return flags(text, FLAGS[kind]);
  }
  const most = (1n << BigInt(kind.slice(1))) - 1n;
  return number(text, most) ?? { wanted: `a number from 0 to ${most}` };
}

function vlan(text: string): number | undefined {
  const value = number(text, 0xffff);
  if (value === 0xffff) return 0;
  return value !== undefined && value < HAS_TAG ? value | HAS_TAG : undefined;
}

function number(text: string, most: number | bigint): number | undefined {
  const value = numberOf(text);
  return value !== undefined && value <= most ? Number(value) : undefined;
}

/**
 * Reads a decimal or hexadecimal number; Open vSwitch would read one with a leading zero as octal.
 */
function numberOf(text: string): bigint | undefined {
  return /^(0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text) ? BigInt(text) : undefined;
}

function address(isOne: boolean, wanted: string): number | Mismatch {
  return isOne ? 1 : { wanted };
}

/** Reads the flags that are set: names separated by `|`, or one number. */
function flags(text: string, names: readonly string[]): number | Mismatch {
  const wanted = `made of ${names.join(", ")} with | between them`;
  const all = 2 ** names.length - 1;
  const bits = text.split("|").map((name) =>
    names.includes(name) ? 1 << names.indexOf(name) : number(name, all)
  );
  if (bits.includes(undefined)) return { wanted };
  return (bits as number[]).reduce((sum, bit) => sum | bit, 0);
}
