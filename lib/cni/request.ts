/**
 * The network configuration that a runtime passes on standard input.
 *
 * Source: CNI specification, section "Network configuration format".
 *
 * @module
 */

import { parseJson } from "../input/json.ts";
import { isObject, type Members, quote } from "../input/shape.ts";
import { type Command, isIdentifier } from "./environment.ts";
import { CniCode, CniError } from "./error.ts";
import { asResult, isResult, parsePrevResult, type Result } from "./result.ts";
import {
  type CniVersion,
  isAtLeast,
  isSupported,
  NEWEST_VERSION,
  SUPPORTED_VERSIONS,
} from "./version.ts";

/** A network configuration, checked as far as the protocol goes. */
export interface NetworkConfiguration {
  /** The version that the request and its answer are in. */
  cniVersion: CniVersion;
  /** The network's name; empty on a DEL that does not give a valid one. */
  name: string;
  /** Result of the plugin before this one in the chain. */
  prevResult?: Result;
  /** All members as received, the plugin's own among them. */
  members: Members;
}

/** Commands that came after the first version of the protocol. */
const SINCE: Readonly<Partial<Record<Command, CniVersion>>> = {
  CHECK: "0.4.0",
  GC: "1.1.0",
  STATUS: "1.1.0",
};

/** Commands that make no sense for a chained plugin without the result of the one before. */
const NEEDS_PREV_RESULT: readonly Command[] = ["ADD", "CHECK"];

/**
 * Decodes standard input.
 *
 * @param input What was read, as UTF-8.
 * @returns The members of the configuration.
 * @throws {CniError} Code 6: it is not a JSON object.
 */
export function decode(input: Uint8Array): Members {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(input));
  } catch {
    throw undecodable(input.length === 0 ? "is empty" : "is not valid JSON");
  }
  if (!isObject(value)) throw undecodable("is not a JSON object");
  return value;
}

/**
 * Checks what the protocol says about a configuration. DEL takes any: an error would stop the
 * runtime from deleting what the plugins before this one made.
 *
 * @param command What the runtime wants.
 * @param members The configuration's members.
 * @param needsPrevResult Whether the plugin can only follow another one in a chain.
 * @returns The configuration.
 * @throws {CniError} Code 1: the version is not supported, or too old for the command; code 7:
 * the name is missing or ill-formed, or prevResult is missing.
 * @throws {ShapeError} prevResult is ill-formed.
 */
export function parseConfiguration(
  command: Command,
  members: Members,
  needsPrevResult = false,
): NetworkConfiguration {
  if (command === "DEL") return readAny(members);
  const cniVersion = parseVersion(command, members.cniVersion);
  const prevResult = members.prevResult ?? undefined;
  if (prevResult === undefined && needsPrevResult && NEEDS_PREV_RESULT.includes(command)) {
    throw invalid(
      `${command} needs prevResult, and the configuration has none`,
      "chain this plugin after the one that makes the port, such as ovs, in one plugins list",
    );
  }
  return {
    cniVersion,
    name: parseName(members.name),
    prevResult: prevResult === undefined ? undefined : parsePrevResult(prevResult),
    members,
  };
}

function readAny(members: Members): NetworkConfiguration {
  const { cniVersion, name, prevResult } = members;
  return {
    cniVersion: isSupported(cniVersion) ? cniVersion : NEWEST_VERSION,
    name: typeof name === "string" && isIdentifier(name) ? name : "",
    prevResult: isResult(prevResult) ? asResult(prevResult) : undefined,
    members,
  };
}

function parseVersion(command: Command, version: unknown): CniVersion {
  if (!isSupported(version)) {
    throw new CniError(
      CniCode.incompatibleVersion,
      version === undefined
        ? "the configuration has no cniVersion"
        : `cniVersion ${quoteVersion(version)} is not supported`,
      `supported are ${SUPPORTED_VERSIONS.join(", ")}`,
    );
  }
  const since = SINCE[command];
  if (since === undefined || isAtLeast(version, since)) return version;
  throw new CniError(
    CniCode.incompatibleVersion,
    `${command} does not exist in cniVersion ${version}`,
    `it came with ${since}`,
  );
}

function quoteVersion(version: unknown): string {
  if (typeof version === "string") return quote(version);
  return typeof version === "object" && version ? "of that type" : String(version);
}

function parseName(name: unknown): string {
  if (typeof name === "string" && isIdentifier(name)) return name;
  throw invalid(
    "the network has no valid name",
    'set "name" to a letter or digit, then letters, digits, "_", "." and "-"',
  );
}

function undecodable(what: string): CniError {
  const details = "pass one network configuration, as JSON in UTF-8, on standard input";
  return new CniError(CniCode.undecodable, `standard input ${what}`, details);
}

function invalid(message: string, details: string): CniError {
  return new CniError(CniCode.invalidConfiguration, message, details);
}
