/**
 * TCP segments, sent as frames of our own making: a switch without a kernel module does not fill in
 * the checksums that the kernel leaves to network cards, so connections of the kernel do not work.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { Pod } from "../run/namespace.ts";

/** A segment, or a datagram of UDP: what follows the ports is all zeros. */
export interface Segment {
  protocol: "tcp" | "udp";
  /** Addresses, of IPv4 or IPv6; the latter with all eight parts. */
  from: string;
  to: string;
  /** Ports. */
  source: number;
  destination: number;
  /** Length of the frame. */
  bytes: number;
}

const ADDRESSES = "02000000000902000000000a";
const NUMBERS = { tcp: 6, udp: 17 };
const ETHERNET_BYTES = 14;
/** The data offset of a TCP header without options, and the flag ACK. */
const TCP_FORM = "5010";

/**
 * Sends segments, in order.
 *
 * @param segments What it sends.
 */
export async function sendSegments(
  pod: Pod,
  ifname: string,
  segments: readonly Segment[],
): Promise<void> {
  const program = fromFileUrl(new URL("sender.ts", import.meta.url));
  const args = ["run", "--no-config", "--no-lock", "--allow-ffi", program, ifname];
  const stdin = segments.map(frameOf).join("\n");
  const { code, stderr } = await pod.run(Deno.execPath(), { args, stdin });
  if (code !== 0) throw new Error(`cannot send segments: ${stderr}`);
}

/** A frame in hexadecimal. */
function frameOf({ protocol, from, to, source, destination, bytes }: Segment): string {
  const ports = hex(source, 4) + hex(destination, 4);
  const header = protocol === "tcp" ? `${ports}${"00".repeat(8)}${TCP_FORM}` : ports;
  const ip = from.includes(":") ? ipv6 : ipv4;
  const frame = ADDRESSES + ip(NUMBERS[protocol], from, to, bytes - ETHERNET_BYTES) + header;
  return frame.padEnd(2 * bytes, "0");
}

/** Nobody on the way looks at the checksum. */
function ipv4(protocol: number, from: string, to: string, bytes: number): string {
  const address = (text: string) => text.split(".").map((byte) => hex(Number(byte), 2)).join("");
  return `08004500${hex(bytes, 4)}0000400040${hex(protocol, 2)}0000${address(from)}${address(to)}`;
}

function ipv6(protocol: number, from: string, to: string, bytes: number): string {
  const address = (text: string) => text.split(":").map((part) => part.padStart(4, "0")).join("");
  return `86dd60000000${hex(bytes - 40, 4)}${hex(protocol, 2)}40${address(from)}${address(to)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
