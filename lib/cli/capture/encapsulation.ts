/**
 * The header before a frame in a datagram of a tunnel: one of VXLAN (RFC 7348, section 5) or
 * Geneve (RFC 8926, section 3.4).
 *
 * @module
 */

import type { Protocol } from "./options.ts";

/** Bytes of VXLAN's header, and of Geneve's without options. */
const HEADER_BYTES = 8;
const ETHERNET_BYTES = 14;

/** VXLAN: the key is valid. */
const VXLAN_HAS_KEY = 0x08;
/** Geneve: control, not a packet. */
const GENEVE_CONTROL = 0x80;
/** Geneve: what is inside is an Ethernet frame. */
const TRANSPARENT_ETHERNET = 0x6558;

/**
 * Finds the frame in a datagram.
 *
 * @param protocol What it should be of.
 * @returns Where the frame starts; or why there is none: `foreign`, it is of another protocol, or
 * `cut`, it ends before the frame has begun.
 */
export function frameStart(protocol: Protocol, datagram: Uint8Array): number | "foreign" | "cut" {
  if (datagram.length < HEADER_BYTES) return "cut";
  const start = protocol === "vxlan" ? vxlanStart(datagram) : geneveStart(datagram);
  if (start === undefined) return "foreign";
  return datagram.length < start + ETHERNET_BYTES ? "cut" : start;
}

/** Bits that are reserved mean nothing to a receiver. */
function vxlanStart([flags]: Uint8Array): number | undefined {
  return flags! & VXLAN_HAS_KEY ? HEADER_BYTES : undefined;
}

function geneveStart([first, flags, high, low]: Uint8Array): number | undefined {
  const version = first! >> 6;
  const isFrame = (high! << 8 | low!) === TRANSPARENT_ETHERNET && !(flags! & GENEVE_CONTROL);
  // The length of the options is in words.
  return version === 0 && isFrame ? HEADER_BYTES + (first! & 0x3f) * 4 : undefined;
}

/**
 * Reads the key (VNI), which both protocols have in the same place.
 *
 * @param datagram A datagram that has a whole header.
 */
export function keyOf(datagram: Uint8Array): number {
  return datagram[4]! << 16 | datagram[5]! << 8 | datagram[6]!;
}
