/**
 * Addresses of IP, as literals.
 *
 * @module
 */

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const LEADING_ZERO = /(^|\.)0\d/;

/** Reports whether a text is an IPv4 address. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text) && text.split(".").every((byte) => Number(byte) < 256);
}

/** Reports whether a text is an IPv6 address, without a zone. */
export function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}

/**
 * Writes an address in the one form that it has in the database and in names.
 *
 * @param text What may be an address.
 * @returns The address; nothing if it is none, or has zeros in front, which some read as octal.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return LEADING_ZERO.test(text) ? undefined : text;
  return isIPv6(text) ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : undefined;
}

/** Addresses that can't be the far end of a tunnel, in canonical form. */
const UNSUITABLE: readonly [pattern: RegExp, why: string][] = [
  [/^(0\.|::$)/, "is no address of a host"],
  [/^(127\.|::1$)/, "is the node's own"],
  [/^(22[4-9]|23\d)\.|^ff/, "is a multicast address"],
  [/^2[45]\d\./, "is no address of a host"],
  [/^fe[89ab]/, "is a link-local address, which needs an interface"],
  [/^::ffff:/, "is an IPv4 address in the form of IPv6"],
];

/**
 * Tells why no host can be reached at an address.
 *
 * @param address The address, in its canonical form.
 * @returns What it is instead; nothing if it may be one of a host.
 */
export function unsuitable(address: string): string | undefined {
  return UNSUITABLE.find(([pattern]) => pattern.test(address))?.[1];
}
