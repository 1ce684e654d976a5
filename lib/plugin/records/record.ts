/**
 * The record of an attachment, which decides what DEL and GC detach.
 *
 * A record has the form of the Go implementation's, whose member `PrevResult` comes first, and one
 * part for each plugin call that attached something. A malformed member, such as after a power
 * failure or a change by another program, is dropped; the rest is kept.
 *
 * @module
 */

import type { PodName } from "../../cni/arguments.ts";
import type { Attachment } from "../../cni/environment.ts";
import { isObject, isPrintable, type Members } from "../../input/shape.ts";

/** A mirror at the time of ADD. */
export interface RecordedMirror {
  /** Its name. */
  name: string;
  /** The columns that the ports went into. */
  columns: string[];
  /** Its rows of `Mirror`, those that existed or were made. */
  rows?: string[];
  /** The options that a consumer gave it. */
  options?: string[];
  /** The far end that a producer sends copies to. */
  remote?: string;
}

/** A port at the time of ADD. */
export interface RecordedPort {
  /** Its row of `Port`. */
  id: string;
  /** Its name. */
  name: string;
}

/** The ports and mirrors of one plugin call. */
export interface Part {
  /** The container. */
  containerId?: string;
  /** The interface in the container. */
  ifname?: string;
  /** The network's name. */
  network?: string;
  /** Path of the network namespace. */
  netns?: string;
  /** The pod. */
  pod?: PodName;
  /** Address of the database. */
  database?: string;
  /** The bridge's name. */
  bridge?: string;
  /** The mirrors. */
  mirrors: RecordedMirror[];
  /** The ports; none in a damaged record. */
  ports: RecordedPort[];
}

/** The content of one file. */
export interface AttachmentRecord {
  /** The result of the plugin before, as received. */
  PrevResult?: unknown;
  /** A part for each call that attached something. */
  parts: readonly Part[];
  /** Members of the `ovs` plugin, whose own entry may have the same name. */
  others: Members;
  /** The file is damaged: something was attached, but it is not known what. */
  isDamaged?: true;
}

/** An attachment, and its network; empty: any network. */
export interface Owner extends Pick<Attachment, "containerId" | "ifname"> {
  network: string;
}

/** The member that marks the `ovs` plugin's own entries, which stay as they are. */
const OF_OVS = "Netconf";

/** The record if there is no file. */
export const NOTHING: AttachmentRecord = { parts: [], others: {} };

/** The record of a damaged file. */
export const DAMAGED: AttachmentRecord = { ...NOTHING, isDamaged: true };

/**
 * Reads a record.
 *
 * @param value What a file holds, decoded.
 * @returns The record.
 */
export function parseRecord(value: unknown): AttachmentRecord {
  if (!isObject(value)) return DAMAGED;
  const { PrevResult, parts, ...rest } = value;
  const others = OF_OVS in rest ? rest : {};
  const found = Array.isArray(parts) ? parts.filter(isObject) : [];
  const isEmpty = PrevResult === undefined && found.length === 0 && others !== rest;
  return isEmpty ? DAMAGED : { PrevResult, parts: found.map(parsePart), others };
}

function parsePart(part: Members): Part {
  const { mirrors, ports, pod } = part;
  return {
    ...Object.fromEntries(
      ["containerId", "ifname", "network", "netns", "database", "bridge"]
        .filter((name) => isText(part[name])).map((name) => [name, part[name]]),
    ),
    ...(isPod(pod) && { pod }),
    mirrors: list(mirrors).flatMap(parseMirror),
    ports: list(ports).filter(isPort),
  };
}

function parseMirror(mirror: unknown): RecordedMirror[] {
  if (!isObject(mirror) || !isText(mirror.name)) return [];
  const options = list(mirror.options).filter(isText);
  const rows = list(mirror.rows).filter(isId);
  return [{
    name: mirror.name,
    columns: list(mirror.columns).filter(isText),
    ...(rows.length > 0 && { rows }),
    ...(options.length > 0 && { options }),
    ...(isText(mirror.remote) && { remote: mirror.remote }),
  }];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && isPrintable(value);
}

function isPod(value: unknown): value is PodName {
  return isObject(value) && isText(value.namespace) && isText(value.name) &&
    (value.uid === undefined || isText(value.uid));
}

function isPort(value: unknown): value is RecordedPort {
  return isObject(value) && isText(value.name) && isId(value.id);
}

function isId(value: unknown): value is string {
  return typeof value === "string" &&
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/**
 * Writes a record.
 *
 * @param record The record.
 * @returns The content of the file; nothing if it is to be removed.
 */
export function formatRecord(record: AttachmentRecord): string | undefined {
  const { PrevResult, parts, others, isDamaged } = record;
  const rest = JSON.stringify({ ...(parts.length > 0 && { parts }), ...others });
  if (PrevResult === undefined) return rest === "{}" && !isDamaged ? undefined : rest;
  // Alone it may be nested as deeply as V8 can read, but not inside another object.
  const result = `{"PrevResult":${JSON.stringify(PrevResult)}`;
  return rest === "{}" ? `${result}}` : `${result},${rest.slice(1)}`;
}

/**
 * Tells which parts belong to an attachment. Two attachments may share a file, as `a-b` and `c`
 * make the same name as `a` and `b-c`.
 *
 * @param owner The attachment.
 * @returns Tells whether a part belongs to it; members that the part lacks agree with any.
 */
export function isOf({ containerId, ifname, network }: Owner): (part: Part) => boolean {
  const agree = (one: string | undefined, other: string) =>
    one === undefined || other === "" || one === other;
  return (part) =>
    agree(part.containerId, containerId) && agree(part.ifname, ifname) &&
    agree(part.network, network);
}

/**
 * Adds what a call is about to attach to the record. What it attached before, in the same place,
 * stays on record with it.
 *
 * @param record What is on record.
 * @param PrevResult The result of the plugin before, as received.
 * @param part What is to be attached.
 * @returns The new record.
 */
export function withPart(
  record: AttachmentRecord | undefined,
  PrevResult: unknown,
  part: Part,
): AttachmentRecord {
  const { parts, others } = record ?? NOTHING;
  const before = parts.find((one) => isSamePlace(one, part));
  const joined = before
    ? { ...part, mirrors: joinMirrors(before, part), ports: joinPorts(before, part) }
    : part;
  return { PrevResult, parts: [...parts.filter((one) => one !== before), joined], others };
}

function isSamePlace(one: Part, other: Part): boolean {
  const names = ["containerId", "ifname", "network", "database", "bridge"] as const;
  return names.every((name) => one[name] === other[name]);
}

function joinMirrors(...parts: Part[]): RecordedMirror[] {
  const mirrors = new Map<string, RecordedMirror>();
  for (const mirror of parts.flatMap(({ mirrors }) => mirrors)) {
    const before = mirrors.get(mirror.name);
    const columns = new Set([...before?.columns ?? [], ...mirror.columns]);
    const options = new Set([...before?.options ?? [], ...mirror.options ?? []]);
    const rows = new Set([...before?.rows ?? [], ...mirror.rows ?? []]);
    const remote = mirror.remote ?? before?.remote;
    mirrors.set(mirror.name, {
      name: mirror.name,
      columns: [...columns],
      ...(rows.size > 0 && { rows: [...rows] }),
      ...(options.size > 0 && { options: [...options] }),
      ...(remote !== undefined && { remote }),
    });
  }
  return [...mirrors.values()];
}

/** Joins ports; one that was made again under its name replaces the earlier one. */
function joinPorts(...parts: Part[]): RecordedPort[] {
  const ports = parts.flatMap(({ ports }) => ports);
  return [...new Map(ports.map((port) => [port.name, port])).values()];
}

/**
 * Removes parts from the record, and with the last one the result too.
 *
 * @param record What is on record.
 * @param isGone Whether a part is to go.
 * @returns The new record.
 */
export function withoutParts(
  record: AttachmentRecord | undefined,
  isGone: (part: Part) => boolean,
): AttachmentRecord {
  const { PrevResult, parts, others } = record ?? NOTHING;
  const left = parts.filter((part) => !isGone(part));
  return { PrevResult: left.length > 0 ? PrevResult : undefined, parts: left, others };
}
