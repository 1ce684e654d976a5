/**
 * Addresses of OVSDB servers.
 *
 * @module
 */

/** A unix socket's path, or a TCP address. */
export type Endpoint =
  | { transport: "unix"; path: string }
  | { transport: "tcp"; hostname: string; port: number };

/** Longest path of a unix socket on Linux, in bytes. */
const MAX_UNIX_PATH = 107;

/**
 * Reads an address as Open vSwitch's tools write it: `unix:PATH`, a bare absolute path, or
 * `tcp:HOST:PORT` (an IPv6 host in brackets).
 *
 * @param text The address.
 * @returns The endpoint.
 * @throws {TypeError} The text is none of these; its message completes "… is not an address: ".
 */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith("ssl:")) {
    throw new TypeError("ssl is not supported, use unix:PATH or tcp:HOST:PORT");
  }
  if (text.startsWith("tcp:")) return parseTcp(text.slice("tcp:".length));
  const path = text.startsWith("unix:") ? text.slice("unix:".length) : text;
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new TypeError("use unix:PATH with an absolute path, or tcp:HOST:PORT");
  }
  if (new TextEncoder().encode(path).length > MAX_UNIX_PATH) {
    throw new TypeError(`use a path of at most ${MAX_UNIX_PATH} bytes, which is what Linux takes`);
  }
  return { transport: "unix", path };
}

function parseTcp(address: string): Endpoint {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(address) ?? [];
  const hostname = bracketed ?? plain;
  const port = Number(digits);
  if (hostname === undefined || !(port >= 1 && port <= 65535)) {
    throw new TypeError("use tcp:HOST:PORT, with an IPv6 host in brackets");
  }
  return { transport: "tcp", hostname, port };
}

/**
 * Writes an endpoint as {@linkcode parseEndpoint} reads it.
 *
 * @param endpoint The endpoint.
 * @returns Its address.
 */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.transport === "unix") return `unix:${endpoint.path}`;
  const { hostname, port } = endpoint;
  return hostname.includes(":") ? `tcp:[${hostname}]:${port}` : `tcp:${hostname}:${port}`;
}
