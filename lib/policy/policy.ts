/**
 * The policy of a node's administrator: who may read which mirrors, feed them, and name which
 * databases and files.
 *
 * A member that is absent allows all; a list that is there allows only what it has. Whatever is not
 * known here makes the whole policy none: a misspelt member would allow what was to be refused.
 *
 * @module
 */

import { isObject, type Members } from "../input/shape.ts";
import { parseEndpoint } from "../ovsdb/endpoint.ts";
import { isNetwork } from "./network.ts";

/** A policy. */
export interface Policy {
  /** The databases that may be connected to, as `socket_file` has them. */
  databases?: readonly string[];
  /** The files that `configuration_path` may name. */
  configurationFiles?: readonly string[];
  /** Pods that may be the output of mirrors. */
  consumers?: readonly ConsumerRule[];
  /** Pods that may be a source of mirrors. */
  producers?: readonly ProducerRule[];
  /** Leave to attach ports by hand, and for how many seconds at most. */
  byHand?: boolean | { seconds: number };
}

/** The members of a rule for either role; names may have `*` in them. */
export interface Rule {
  /** Namespaces of pods; `""` is a container without one. */
  namespaces?: readonly string[];
  /** Names of bridges. */
  bridges?: readonly string[];
  /** Names of mirrors. */
  mirrors?: readonly string[];
}

/** Something that consumers may do. */
export interface ConsumerRule extends Rule {
  /** True if they may read all ports of the bridge. */
  all?: boolean;
  /** True if they may take part though the mirror has an output already. */
  shared?: boolean;
  /** The VLANs that they may choose and have to stay within; `true` is any. */
  vlans?: boolean | readonly number[];
}

/** Something that producers may do. */
export interface ProducerRule extends Rule {
  /** Networks that copies may leave the node for. */
  remotes?: readonly string[];
}

/** Longest name or pattern, in characters, as with names in a configuration. */
const MAX_NAME = 1024;

/** As `isPrintable()`, and quicker where there are many names. */
const UNPRINTABLE = /[^ -~\xa0-\uffff]/;

/** Checks of the members that an object may have. */
type Checks<Known> = Readonly<Record<keyof Known, (value: unknown) => boolean>>;

const RULE: Checks<Required<Rule>> = {
  namespaces: listOf(isPattern),
  bridges: listOf(isNotEmpty(isPattern)),
  mirrors: listOf(isNotEmpty(isPattern)),
};

const CONSUMER: Checks<Required<ConsumerRule>> = {
  ...RULE,
  all: isBoolean,
  shared: isBoolean,
  vlans: (value) => isBoolean(value) || listOf((vlan) => isIntegerUpTo(4095, vlan))(value),
};

const PRODUCER: Checks<Required<ProducerRule>> = {
  ...RULE,
  remotes: listOf((value) => typeof value === "string" && isNetwork(value)),
};

const POLICY: Checks<Required<Policy>> = {
  databases: listOf(isDatabase),
  configurationFiles: listOf(isPlainPath),
  consumers: listOf((rule) => hasOnly(CONSUMER, rule)),
  producers: listOf((rule) => hasOnly(PRODUCER, rule)),
  byHand: (value) =>
    isBoolean(value) ||
    (hasOnly({ seconds: (seconds) => isIntegerUpTo(Number.MAX_SAFE_INTEGER, seconds) }, value) &&
      "seconds" in (value as Members)),
};

/** Reports whether a value is a policy. */
export function isPolicy(value: unknown): value is Policy {
  return hasOnly(POLICY, value);
}

function hasOnly<Known>(checks: Checks<Known>, value: unknown): boolean {
  return isObject(value) &&
    Object.keys(value).every((name) =>
      Object.hasOwn(checks, name) && checks[name as keyof Known](value[name])
    );
}

function listOf(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(check);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isIntegerUpTo(most: number, value: unknown): boolean {
  return Number.isInteger(value) && 0 <= (value as number) && (value as number) <= most;
}

/** Reports whether a value is a name, or a pattern of names. */
export function isPattern(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_NAME && !UNPRINTABLE.test(value) &&
    value.isWellFormed();
}

function isNotEmpty(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value !== "" && check(value);
}

/** Reports whether a value is a database's address. No address has a `*` in it. */
export function isDatabase(value: unknown): value is string {
  if (!isPattern(value) || value.includes("*")) return false;
  try {
    return parseEndpoint(value) !== undefined;
  } catch {
    return false;
  }
}

/** Reports whether a value is a normalised absolute path without `*`. */
export function isPlainPath(value: unknown): value is string {
  return isPattern(value) && value.startsWith("/") && !value.includes("*") &&
    value.slice(1).split("/").every((part) => !["", ".", ".."].includes(part));
}
