/**
 * Addresses that commands listen on.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { parseEndpoint } from "../ovsdb/endpoint.ts";
import { CommandError } from "./errors.ts";

/** An address and a port of this host. */
export interface Address {
  hostname: string;
  port: number;
}

/** An IPv6 address and a port, between which the last colon is, if it is a single one. */
const BARE_IPV6 = /^(?=[^:]*:[^:]*:)([\da-f:.]*(?:::|[\da-f])):(\d+)$/i;

/**
 * Reads the value of `--listen`, which is written like the TCP address of a database, but for the
 * word before it. An IPv6 address with a port may come without brackets: manifests can't put them
 * around an address that they get from elsewhere.
 *
 * @param usual The port where none is named; one has to be named unless there is a usual one.
 * @throws {CommandError} It is not one.
 */
export function parseAddress(given: string, usual?: number): Address {
  const isBare = /^[^:]+$|\]$/.test(given);
  const address = given.replace(BARE_IPV6, "[$1]:$2");
  try {
    const endpoint = parseEndpoint(`tcp:${address}${isBare && usual ? `:${usual}` : ""}`);
    if (endpoint.transport === "tcp") {
      const { hostname, port } = endpoint;
      return { hostname, port };
    }
  } catch {
    // It is told below.
  }
  const usage = usual ? "ADDRESS or ADDRESS:PORT" : "ADDRESS:PORT";
  throw new CommandError(
    `option --listen can't be ${quote(given)}; use ${usage}, with an IPv6 address in brackets`,
  );
}

/** Writes an address as {@linkcode parseAddress} reads it. */
export function formatAddress({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
