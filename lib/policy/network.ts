/**
 * Networks of IP addresses, as `192.0.2.0/24`, `2001:db8::/32` or one address.
 *
 * @module
 */

import { canonicalAddress } from "../input/address.ts";

/** A network: the bytes of an address, and how many bits of it count. */
interface Network {
  bytes: readonly number[];
  bits: number;
}

/** Reports whether a text is a network with no bits beside it, or one address. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Tells whether a network has an address. What is no address is in no network. */
export function contains(network: string, address: string): boolean {
  const [{ bytes, bits } = NOWHERE, found] = [parseNetwork(network), parseAddress(address)];
  return found?.length === bytes.length && bytes.every((byte, index) => {
    const mask = maskOf(bits, index);
    return (byte & mask) === (found[index]! & mask);
  });
}

const NOWHERE: Network = { bytes: [], bits: 0 };

function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!bytes) return undefined;
  const most = bytes.length * 8;
  if (slash < 0) return { bytes, bits: most };
  const length = text.slice(slash + 1);
  const bits = Number(length);
  if (String(bits) !== length || !Number.isInteger(bits) || bits < 0 || bits > most) {
    return undefined;
  }
  // 10.1.2.3/8 is a slip of somebody who meant less than all of 10.
  const isClean = bytes.every((byte, index) => (byte & ~maskOf(bits, index)) === 0);
  return isClean ? { bytes, bits } : undefined;
}

/** The bits of a byte that count. */
function maskOf(bits: number, index: number): number {
  return 0xff00 >> Math.min(8, Math.max(0, bits - index * 8)) & 0xff;
}

/** The bytes of an address. Of IPv6 the canonical form is eight groups, or fewer and `::`. */
function parseAddress(text: string): number[] | undefined {
  const address = canonicalAddress(text);
  if (address === undefined) return undefined;
  if (!address.includes(":")) return address.split(".").map(Number);
  const [head, tail = []] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head!.length - tail.length).fill("0");
  return [...head!, ...zeros, ...tail].map((group) => parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff]);
}
