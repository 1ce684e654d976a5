/**
 * Fields of a frame, as far as tests need them.
 *
 * @module
 */

/** One frame on the wire. */
export interface Frame {
  /** `ICMP`, `ARP`, or if it is something else, whatever tells most about it. */
  protocol: string;
  /** An ICMP echo request or reply, such as `10.0.0.1 > 10.0.0.2 request 3`; 3 is its number. */
  echo?: string;
  /** A TCP segment, such as `10.0.0.1.40000 > 10.0.0.2.443 in 128 bytes`: those of the frame. */
  segment?: string;
  /** Time of its capture, in milliseconds since 1970. */
  time?: number;
}

/** EtherTypes, and the tag that stands before one in a frame of a VLAN. */
const VLAN_TAG = 0x8100;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ARP = 0x0806;

/** Protocols of IP, and types of ICMP's messages. */
const ICMP = 1;
const TCP = 6;
const ECHOES = new Map([[8, "request"], [0, "reply"]]);

/** What is cut off is told before the addresses: `truncated-ip - 926 bytes missing!`. */
const SEGMENT = /length (\d+): .*?([\da-f.:]+\.\d+ > [\da-f.:]+\.\d+): Flags/;

/** Reads a line of `tcpdump -e -n -tt`. */
export function parseFrame(line: string): Frame {
  const echo = /(\S+ > \S+): ICMP echo (request|reply), id \d+, seq (\d+)/.exec(line);
  const protocol = /\b(ICMP|ARP)\b/.exec(line)?.[1] ?? line;
  const [, length, ends] = SEGMENT.exec(line) ?? [];
  const time = /^(\d+\.\d+) /.exec(line)?.[1];
  return {
    protocol,
    ...(echo && { echo: echo.slice(1).join(" ") }),
    ...(ends && { segment: `${ends} in ${length} bytes` }),
    ...(time && { time: Number(time) * 1000 }),
  };
}

/**
 * Reads an Ethernet frame.
 *
 * @returns What is in it.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint16(12) === VLAN_TAG ? 16 : 12;
  const type = view.getUint16(start);
  if (type === ARP) return { protocol: "ARP" };
  const ip = start + 2;
  const segment = readSegment(bytes, type, ip);
  if (segment) return { protocol: "TCP", segment };
  if (type !== IPV4 || view.getUint8(ip + 9) !== ICMP) return { protocol: `type ${hex(type)}` };
  const address = (offset: number) => bytes.subarray(ip + offset, ip + offset + 4).join(".");
  const icmp = ip + (view.getUint8(ip) & 0xf) * 4;
  const kind = ECHOES.get(view.getUint8(icmp));
  if (!kind) return { protocol: "ICMP" };
  const number = view.getUint16(icmp + 6);
  return { protocol: "ICMP", echo: `${address(12)} > ${address(16)} ${kind} ${number}` };
}

function readSegment(bytes: Uint8Array, type: number, ip: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isTcp = (type === IPV4 && bytes[ip + 9] === TCP) ||
    (type === IPV6 && bytes[ip + 6] === TCP);
  if (!isTcp) return undefined;
  const [start, size] = type === IPV4 ? [ip + 12, 4] : [ip + 8, 16];
  const tcp = type === IPV4 ? ip + (bytes[ip]! & 0xf) * 4 : ip + 40;
  const [from, to] = [0, 1].map((index) => {
    const address = bytes.subarray(start + index * size, start + (index + 1) * size);
    return `${addressText(address)}.${view.getUint16(tcp + 2 * index)}`;
  });
  return `${from} > ${to} in ${bytes.length} bytes`;
}

/** IPv6 without the short form for zeros. */
function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index).toString(16)).join(":");
}

function hex(type: number): string {
  return type.toString(16).padStart(4, "0");
}
