/**
 * Packets of tunnels, header by header.
 *
 * Sources: RFC 2784 and 2890 (GRE), draft-foschiano-erspan-03 (ERSPAN types II and III), RFC 7348
 * (VXLAN), RFC 8926 (Geneve).
 *
 * @module
 */

/** A copy and the packet that carried it. */
export interface Copy {
  from: string;
  to: string;
  ttl: number;
  dscp: number;
  /** Whether it must not be sent on in fragments; IPv6 never is. */
  whole: boolean;
  /** Fields of the tunnel's header. */
  header: Header;
  /** The frame that was copied. */
  frame: Uint8Array;
}

/** The header of a tunnel. */
export type Header =
  | { type: "gre"; key?: number }
  | { type: "erspan"; version: 1; key: number; cut: boolean; index: number }
  | {
    type: "erspan";
    version: 2;
    key: number;
    cut: boolean;
    hardware: number;
    direction: "ingress" | "egress";
  }
  | { type: "udp"; port: number; flags: number; key: number; checksum: boolean };

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const UDP = 17;
const GRE = 47;
/** EtherTypes of what GRE carries. */
const ETHERNET = 0x6558;
const ERSPAN_II = 0x88be;
const ERSPAN_III = 0x22eb;

/** A place in a packet. */
class Cursor {
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array, public at = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4));
  }

  take(count: number): Uint8Array {
    const start = this.#skip(count);
    return this.bytes.subarray(start, start + count);
  }

  #skip(count: number): number {
    this.at += count;
    return this.at - count;
  }
}

/**
 * Reads a packet of a tunnel.
 *
 * @param bytes The frame that it arrived in.
 * @returns What it says and carries; nothing if it is none of a tunnel.
 * @throws {RangeError} It ends before it says it does.
 */
export function decodeCopy(bytes: Uint8Array): Copy | undefined {
  const cursor = new Cursor(bytes, 12);
  const type = cursor.u16();
  const ip = type === IPV4 ? readIPv4(cursor) : type === IPV6 ? readIPv6(cursor) : undefined;
  if (!ip) return undefined;
  const { protocol, length, ...outer } = ip;
  // A short frame is padded, and what is longer than its frame was cut by nobody but the switch.
  const end = cursor.at + length;
  if (end > bytes.length) {
    throw new RangeError(`${bytes.length} bytes of a packet that ends at ${end}`);
  }
  const inner = new Cursor(bytes.subarray(0, end), cursor.at);
  const header = protocol === GRE ? readGre(inner) : protocol === UDP ? readUdp(inner) : undefined;
  return header && { ...outer, header, frame: inner.take(end - inner.at) };
}

function readIPv4(cursor: Cursor) {
  const words = cursor.u8() & 0xf;
  const dscp = cursor.u8() >> 2;
  const length = cursor.u16() - 4 * words;
  cursor.take(2);
  const whole = (cursor.u16() & 0x4000) !== 0;
  const [ttl, protocol] = [cursor.u8(), cursor.u8()];
  cursor.take(2);
  const [from, to] = [cursor.take(4).join("."), cursor.take(4).join(".")];
  cursor.take(4 * words - 20);
  return { protocol, length, from, to, ttl, dscp, whole };
}

function readIPv6(cursor: Cursor) {
  const dscp = (cursor.u32() >> 22) & 0x3f;
  const [length, protocol, ttl] = [cursor.u16(), cursor.u8(), cursor.u8()];
  const address = () => new URL(`http://[${hextets(cursor.take(16))}]`).hostname.slice(1, -1);
  const [from, to] = [address(), address()];
  return { protocol, length, from, to, ttl, dscp, whole: true };
}

function hextets(bytes: Uint8Array): string {
  return bytes.toHex().match(/.{4}/g)!.join(":");
}

function readGre(cursor: Cursor): Header | undefined {
  const [flags, type] = [cursor.u16(), cursor.u16()];
  if (flags & 0x8000) cursor.take(4);
  const key = flags & 0x2000 ? cursor.u32() : undefined;
  if (flags & 0x1000) cursor.take(4);
  if (type === ETHERNET) return { type: "gre", ...(key !== undefined && { key }) };
  return type === ERSPAN_II || type === ERSPAN_III ? readErspan(cursor, type) : undefined;
}

function readErspan(cursor: Cursor, type: number): Header {
  const version = cursor.u16() >> 12;
  const word = cursor.u16();
  const common = { type: "erspan" as const, key: word & 0x3ff, cut: (word & 0x400) !== 0 };
  if (type === ERSPAN_II) {
    if (version !== 1) throw new RangeError(`version ${version} of ERSPAN type II`);
    return { ...common, version, index: cursor.u32() & 0xfffff };
  }
  if (version !== 2) throw new RangeError(`version ${version} of ERSPAN type III`);
  cursor.take(6);
  const bits = cursor.u16();
  const direction = bits & 0x8 ? "egress" : "ingress";
  return { ...common, version, hardware: (bits >> 4) & 0x3f, direction };
}

function readUdp(cursor: Cursor): Header {
  cursor.take(2);
  const port = cursor.u16();
  cursor.take(2);
  const checksum = cursor.u16() !== 0;
  const first = cursor.u32();
  // VXLAN has its flags where Geneve has the length of its options and the type of what it carries.
  const flags = port === 6081 ? first & 0xffff : first >>> 24;
  const key = cursor.u32() >>> 8;
  if (port === 6081) cursor.take(4 * ((first >>> 24) & 0x3f));
  return { type: "udp", port, flags, key, checksum };
}
