/**
 * Results of ADD, as plugins of a chain hand them on.
 *
 * Source: CNI specification, section "ADD Success".
 *
 * @module
 */

import { isObject, isOptionalString, type Members, ShapeError } from "../input/shape.ts";
import { CniCode, CniError } from "./error.ts";
import { type CniVersion, isAtLeast, isSupported } from "./version.ts";

/** An interface that a plugin made. */
export interface Interface {
  /** The interface's name. */
  name: string;
  /** The network namespace that it is in; absent or empty for one on the host. */
  sandbox?: string;
}

/** Result of a plugin's ADD. */
export interface Result {
  /** The interfaces made so far; none if the result names none. */
  interfaces: readonly Interface[];
  /** All members as received. */
  members: Members;
}

/** The members of a result that matter here. */
export interface ResultShape {
  /** The version that the result is in. */
  cniVersion?: string;
  /** The interfaces made so far. */
  interfaces?: readonly Interface[] | null;
}

/**
 * Reads a result.
 *
 * @param value The `prevResult` of a configuration, or a result kept from an earlier ADD.
 * @returns The result.
 * @throws {CniError} Code 1: its version is not supported.
 * @throws {ShapeError} It is ill-formed.
 */
export function parsePrevResult(value: unknown): Result {
  if (!isResult(value)) throw new ShapeError("prevResult", value);
  const { cniVersion } = value;
  if (cniVersion === undefined || isSupported(cniVersion)) return asResult(value);
  throw new CniError(
    CniCode.incompatibleVersion,
    "prevResult has a cniVersion that is not supported",
    "let all plugins of the chain use the configuration's cniVersion",
  );
}

/** A result, whatever its version. */
export function asResult(value: ResultShape & Members): Result {
  return { interfaces: value.interfaces ?? [], members: value };
}

/** Reports whether a value is a result, as far as that matters here. */
export function isResult(value: unknown): value is ResultShape & Members {
  return isObject(value) && isOptionalString(value.cniVersion) &&
    (value.interfaces === undefined || value.interfaces === null ||
      (Array.isArray(value.interfaces) && value.interfaces.every(isInterface)));
}

function isInterface(value: unknown): value is Interface {
  return isObject(value) && typeof value.name === "string" && isOptionalString(value.sandbox);
}

/**
 * Writes the result of ADD: that of the plugin before, whole, in the version of the request.
 *
 * @param result The result of the plugin before.
 * @param cniVersion The version of the request.
 * @returns One line of JSON.
 * @throws {CniError} Code 7: it is nested too deeply to be written.
 */
export function formatResult(result: Result, cniVersion: CniVersion): string {
  const members: Record<string, unknown> = { ...result.members, cniVersion };
  if (!isAtLeast(cniVersion, "1.0.0") && Array.isArray(members.ips)) {
    members.ips = members.ips.map(withAddressFamily);
  }
  try {
    return JSON.stringify(members) + "\n";
  } catch {
    const message = "prevResult is nested too deeply";
    throw new CniError(CniCode.invalidConfiguration, message, "pass a CNI result");
  }
}

/** Before 1.0.0 each address says whether it is IPv4 or IPv6. */
function withAddressFamily(ip: unknown): unknown {
  const { version, address } = Object(ip) as { version?: unknown; address?: unknown };
  if (version !== undefined || typeof address !== "string") return ip;
  return { version: address.includes(":") ? "6" : "4", ...Object(ip) };
}
