/**
 * Reads the far end that a producer sends a mirror's copies to by a tunnel. Loaded only if
 * there is one.
 *
 * Source: ovs-vswitchd.conf.db(5), table Interface, "Tunnel Options".
 *
 * @module
 */

import { canonicalAddress, unsuitable } from "../../input/address.ts";
import { isObject, quote } from "../../input/shape.ts";
import type { Remote, RemoteMembers } from "./config.ts";
import { findLookalike } from "./misspelt.ts";
import { Refusal } from "../refusal.ts";

/** The types of tunnels. */
export const TUNNEL_TYPES = ["erspan", "gre", "vxlan", "geneve"] as const;

/** One of {@linkcode TUNNEL_TYPES}. */
export type TunnelType = typeof TUNNEL_TYPES[number];

/** The directions that ERSPAN's header can tell. */
export const TUNNEL_DIRECTIONS = ["ingress", "egress"] as const;

/** A member that holds a number. */
interface NumberMember {
  /** The least and the greatest number. */
  range: readonly [least: number, most: number];
  /** The types of tunnels that have it; all unless given. */
  types?: readonly TunnelType[];
  /** The version of ERSPAN that has it. */
  version?: number;
  /** The default; it is not written. */
  usual: (type: TunnelType) => number | undefined;
  /** The option of `Interface`, and how it is written. */
  option: string;
  write: (value: number) => string;
}

const hexadecimal = (value: number) => `0x${value.toString(16)}`;

type NumberName = "key" | "port" | "version" | "index" | "hardware" | "ttl" | "dscp";

/** The members that hold numbers, in the order of the text. */
export const NUMBERS: Readonly<Record<NumberName, NumberMember>> = {
  key: {
    range: [0, 0xffffffff],
    // A GRE header without a key differs from one with key 0.
    usual: (type) => type === "gre" ? undefined : 0,
    option: "key",
    write: String,
  },
  port: {
    range: [1, 65_535],
    types: ["vxlan", "geneve"],
    usual: (type) => type === "vxlan" ? 4789 : 6081,
    option: "dst_port",
    write: String,
  },
  version: {
    range: [1, 2],
    types: ["erspan"],
    usual: () => 1,
    option: "erspan_ver",
    write: String,
  },
  // The switch reads these two in hexadecimal.
  index: {
    range: [0, 0xfffff],
    types: ["erspan"],
    version: 1,
    usual: () => 0,
    option: "erspan_idx",
    write: hexadecimal,
  },
  hardware: {
    range: [0, 63],
    types: ["erspan"],
    version: 2,
    usual: () => 0,
    option: "erspan_hwid",
    write: hexadecimal,
  },
  ttl: { range: [1, 255], usual: () => 64, option: "ttl", write: String },
  dscp: { range: [0, 63], usual: () => 0, option: "tos", write: (value) => String(value << 2) },
};

/** Size of a key in bits, by the type of the tunnel. */
const KEY_BITS: Readonly<Record<TunnelType, number>> = {
  erspan: 10,
  gre: 32,
  vxlan: 24,
  geneve: 24,
};

const NUMBER_NAMES = Object.keys(NUMBERS) as NumberName[];

/** All members. */
export const REMOTE_MEMBERS = ["type", "address", "source", "direction", ...NUMBER_NAMES];

/** Tells whether a value has the members of a far end, each of its type and range. */
export function isRemote(value: unknown): value is RemoteMembers {
  return isObject(value) && isOneOf(TUNNEL_TYPES, value.type) &&
    typeof value.address === "string" &&
    isNullishOr((source) => typeof source === "string", value.source) &&
    isNullishOr((direction) => isOneOf(TUNNEL_DIRECTIONS, direction), value.direction) &&
    NUMBER_NAMES.every((name) => isNullishOr((member) => isWithin(name, member), value[name]));
}

function isNullishOr(check: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || value === null || check(value);
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return (known as readonly unknown[]).includes(value);
}

function isWithin(name: NumberName, value: unknown): boolean {
  const [least, most] = NUMBERS[name].range;
  return Number.isInteger(value) && least <= Number(value) && Number(value) <= most;
}

/**
 * Refuses a misspelt member, as it would be ignored.
 *
 * @param members What a configuration says.
 * @param subject How messages call it.
 * @throws {Refusal} One differs from a known one in its case or by one slip.
 */
export function refuseMisspelt(members: object, subject: string): void {
  const found = findLookalike({ ...members }, REMOTE_MEMBERS);
  if (!found) return;
  const name = quote(`${subject}.${found.name}`);
  throw invalid(`the configuration has an unknown member ${name}`, `is "${found.meant}" meant?`);
}

/**
 * Reads a far end.
 *
 * @param members What a configuration says.
 * @param subject How messages call it, such as `mirrors[0].remote`.
 * @returns The far end, and the tunnel to it.
 * @throws {Refusal} There is no such tunnel.
 */
export function parseRemote(members: RemoteMembers, subject: string): Remote {
  const { type } = members;
  const address = readAddress(members.address, `${subject}.address`);
  const source = members.source ? readSource(members.source, address, subject) : undefined;
  const version = type === "erspan" ? members.version ?? 1 : undefined;
  const numbers = NUMBER_NAMES.flatMap((name) => {
    const value = members[name] ?? undefined;
    if (value === undefined) return [];
    refuseNumber(type, version, name, value, subject);
    return value === NUMBERS[name].usual(type) ? [] : [[name, value] as const];
  });
  const direction = members.direction ?? undefined;
  if (direction !== undefined && version !== 2) throw unfit(subject, "direction", ERSPAN_2);
  const isEgress = direction === "egress";
  const said: (readonly [string, string | number])[] = [
    ...numbers,
    ...source ? [["source", source] as const] : [],
    ...isEgress ? [["direction", "egress"] as const] : [],
  ];
  const text = [`${type}:${address}`, ...said.map((pair) => pair.join("="))].join(",");
  const options = {
    remote_ip: address,
    ...source && { local_ip: source },
    ...version && { erspan_ver: String(version) },
    ...Object.fromEntries(
      numbers.map(([name, value]) => [NUMBERS[name].option, NUMBERS[name].write(value)]),
    ),
    ...isEgress && { erspan_dir: "1" },
    // Packets that are too long are sent in fragments, if the datapath can, instead of being lost.
    df_default: "false",
    // Without a checksum, hosts drop UDP over IPv6.
    ...address.includes(":") && NUMBERS.port.types!.includes(type) && { csum: "true" },
  };
  return { type, address, key: members.key ?? undefined, text, port: portName(text), options };
}

const ERSPAN_1 = "an ERSPAN tunnel of version 1";
const ERSPAN_2 = "an ERSPAN tunnel of version 2";

function refuseNumber(
  type: TunnelType,
  erspan: number | undefined,
  name: NumberName,
  value: number,
  subject: string,
): void {
  const { types, version } = NUMBERS[name];
  if (types && !types.includes(type)) {
    const kinds = types[0] === "erspan" ? "an ERSPAN tunnel" : "a tunnel of vxlan or geneve";
    throw unfit(subject, name, version ? [ERSPAN_1, ERSPAN_2][version - 1]! : kinds);
  }
  if (version && version !== erspan) {
    throw unfit(subject, name, version === 1 ? ERSPAN_1 : ERSPAN_2);
  }
  const most = 2 ** KEY_BITS[type] - 1;
  if (name === "key" && value > most) {
    const what = `${quote(`${subject}.key`)} is ${value}, and ${type} carries ${
      KEY_BITS[type]
    } bits`;
    throw invalid(what, `use a key from 0 to ${most}`);
  }
}

function unfit(subject: string, name: string, kind: string): Refusal {
  return invalid(`${quote(`${subject}.${name}`)} is a member of ${kind} only`, "leave it out");
}

function readAddress(text: string, member: string): string {
  const address = canonicalAddress(text);
  if (address === undefined) {
    const what = `${quote(member)} is ${quote(text)}, which is no IPv4 or IPv6 address`;
    throw invalid(what, "write the address itself: names are not resolved");
  }
  const why = unsuitable(address);
  if (why === undefined) return address;
  throw invalid(`${quote(member)} ${quote(text)} ${why}`, "use the address of one other host");
}

function readSource(text: string, address: string, subject: string): string {
  const source = canonicalAddress(text);
  const isSame = source?.includes(":") === address.includes(":");
  if (source !== undefined && isSame && !unsuitable(source)) return source;
  const what = `${quote(`${subject}.source`)} is ${quote(text)}`;
  throw invalid(
    source === undefined
      ? `${what}, which is no IPv4 or IPv6 address`
      : isSame
      ? `${what}, which ${unsuitable(source)}`
      : `${what}, and the address is of the other version of IP`,
    "use an address that the node has, or leave it out",
  );
}

/**
 * Reads the short form, such as `erspan:192.0.2.10,key=7`, which marks have too.
 *
 * @param text The text; its members may be in any order.
 * @param subject How messages call it.
 * @returns The far end, and the tunnel to it.
 * @throws {Refusal} It is not valid.
 */
export function parseRemoteText(text: string, subject = "remote"): Remote {
  const [head = "", ...pairs] = text.split(",");
  const [, type, address] = /^(\w+):(.+)$/.exec(head) ?? [];
  const members: Record<string, unknown> = { type, address };
  for (const pair of pairs) {
    const [, name = pair, value = ""] = /^(\w+)=(.*)$/.exec(pair) ?? [];
    if (!REMOTE_MEMBERS.includes(name) || Object.hasOwn(members, name)) throw malformed(text);
    members[name] = Object.hasOwn(NUMBERS, name)
      ? (/^\d{1,10}$/.test(value) ? Number(value) : NaN)
      : value;
  }
  if (!isRemote(members)) throw malformed(text);
  return parseRemote(members, subject);
}

function malformed(text: string): Refusal {
  return invalid(
    `${quote(text)} is no far end of a tunnel`,
    `write TYPE:ADDRESS[,key=N], with a type of ${TUNNEL_TYPES.join(", ")}`,
  );
}

/**
 * Names the port of a tunnel: the same on each switch for the same far end, and in the 15
 * characters that an interface's name may have.
 */
function portName(text: string): string {
  // FNV-1a; a collision with another far end is detected by the port's mark.
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return `mir-${(hash % 36n ** 11n).toString(36).padStart(11, "0")}`;
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal("invalid configuration", message, hint);
}
