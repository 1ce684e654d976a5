/**
 * Networks of IP addresses, as `192.0.2.0/24`, `2001:db8::/32` or one address.
 *
 * @module
 */

/** A network: the bytes of an address, and how many bits of it count. */
interface Network {
  bytes: readonly number[];
  bits: number;
}

/** Whether a text is a network with no bits beside it, or one address. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Tells whether a network has an address. What is no address is in no network.
 *
 * @param network A network.
 * @param address An address; an IPv4 address in the form of IPv6 is one of IPv4.
 */
export function contains(network: string, address: string): boolean {
  const [{ bytes, bits } = NOWHERE, found] = [parseNetwork(network), parseAddress(address)];
  return found?.length === bytes.length && bytes.every((byte, index) => {
    const mask = maskOf(bits, index);
    return (byte & mask) === (found[index]! & mask);
  });
}

const NOWHERE: Network = { bytes: [], bits: 0 };

function parseNetwork(text: string): Network | undefined {
  const [address, length, ...more] = text.split("/") as [string, ...string[]];
  const bytes = parseAddress(address);
  if (!bytes || more.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  if (address.includes(":") && bytes.length === 4) return undefined;
  const bits = parseNumber(length, bytes.length * 8);
  if (bits === undefined) return undefined;
  // 10.1.2.3/8 is a slip of somebody who meant less than all of 10.
  const isClean = bytes.every((byte, index) => (byte & ~maskOf(bits, index)) === 0);
  return isClean ? { bytes, bits } : undefined;
}

/** The bits of a byte that count. */
function maskOf(bits: number, index: number): number {
  return 0xff00 >> Math.min(8, Math.max(0, bits - index * 8)) & 0xff;
}

function parseAddress(text: string): number[] | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const bytes = parseIpv6(text);
  const isIpv4 = bytes && MAPPED.every((byte, index) => bytes[index] === byte);
  return isIpv4 ? bytes.slice(MAPPED.length) : bytes;
}

/** What `::ffff:192.0.2.1` starts with. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

function parseIpv4(text: string): number[] | undefined {
  const bytes = text.split(".").map((part) => parseNumber(part, 255));
  return bytes.length === 4 && bytes.every((byte) => byte !== undefined) ? bytes : undefined;
}

/** Written by the parser of URLs, there is one form of an address: eight groups, or fewer and `::`. */
function parseIpv6(text: string): number[] | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text)) return undefined;
  const address = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (address === undefined) return undefined;
  const [head, tail] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head!.length - (tail?.length ?? 0)).fill("0");
  return [...head!, ...zeros, ...tail ?? []].map((group) => parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff]);
}

/** No sign, no space, and no leading zero, which some take for octal. */
function parseNumber(text: string, most: number): number | undefined {
  const value = Number(text);
  return String(value) === text && Number.isInteger(value) && 0 <= value && value <= most
    ? value
    : undefined;
}
