/**
 * Names of pods, from the records that the plugins keep of their attachments.
 *
 * @module
 */

import { isObject } from "../input/shape.ts";
import type { PodFinder } from "./port.ts";

/** Records that are read, and how long one may be, in bytes; a node has some hundred small ones. */
const MAX_RECORDS = 20_000;
const MAX_RECORD_BYTES = 1024 * 1024;

/** What records end with. */
const RECORD = /_(prod|cons)$/;

/** A part of a record: one attachment to one bridge. */
interface Part {
  pod: string;
  netns?: string;
  ports: readonly string[];
}

/** A record that was read. */
interface Known {
  /** When it was written, in milliseconds. */
  written: number;
  parts: readonly Part[];
}

/** The records of one node. What is damaged, foreign or not readable is ignored. */
export class PodRecords implements PodFinder {
  readonly #directory: string;
  /** By the names of their files. */
  #records = new Map<string, Known>();
  #byPort = new Map<string, string>();
  #byNetns = new Map<string, string>();

  /**
   * Reads the records that there are.
   *
   * @param directory Where they are.
   */
  constructor(directory: string) {
    this.#directory = directory;
    this.refresh();
  }

  /** Reads what was written since. */
  refresh(): void {
    const records = new Map<string, Known>();
    for (const name of this.#files()) {
      const written = writtenAt(`${this.#directory}/${name}`);
      if (written === undefined) continue;
      const known = this.#records.get(name);
      const isKnown = known?.written === written;
      const parts = isKnown ? known.parts : readParts(`${this.#directory}/${name}`);
      records.set(name, { written, parts });
    }
    this.#records = records;
    const parts = Array.from(records.values()).flatMap(({ parts }) => parts);
    this.#byPort = new Map(parts.flatMap(({ pod, ports }) => ports.map((id) => [id, pod])));
    this.#byNetns = new Map(parts.flatMap(({ pod, netns }) => netns ? [[netns, pod]] : []));
  }

  podOf(port: string, netns: string | undefined): string | undefined {
    return this.#byPort.get(port) ?? (netns === undefined ? undefined : this.#byNetns.get(netns));
  }

  /**
   * Finds the ports of pods.
   *
   * @param pods Pods as `namespace/name`.
   * @returns Row identifiers of their ports, as far as they are on record.
   */
  portsOf(pods: readonly string[]): string[] {
    return Array.from(this.#byPort).filter(([, pod]) => pods.includes(pod)).map(([id]) => id);
  }

  /** The pods that are on record, as `namespace/name`. */
  names(): string[] {
    return Array.from(this.#byPort.values());
  }

  #files(): string[] {
    const names: string[] = [];
    try {
      for (const { name, isFile } of Deno.readDirSync(this.#directory)) {
        if (isFile && RECORD.test(name)) names.push(name);
        if (names.length === MAX_RECORDS) break;
      }
    } catch {
      // Nothing was attached on this node, or we may not look: pods have no names then.
    }
    return names;
  }
}

/** When a file was written, in milliseconds; nothing if it is none that is to be read. */
function writtenAt(path: string): number | undefined {
  try {
    const { isFile, size, mtime } = Deno.lstatSync(path);
    return isFile && size <= MAX_RECORD_BYTES ? mtime?.getTime() ?? 0 : undefined;
  } catch {
    return undefined;
  }
}

function readParts(path: string): Part[] {
  try {
    const { parts } = JSON.parse(Deno.readTextFileSync(path));
    return Array.isArray(parts) ? parts.flatMap(readPart) : [];
  } catch {
    return [];
  }
}

function readPart(value: unknown): Part[] {
  if (!isObject(value) || !isObject(value.pod)) return [];
  const { namespace, name } = value.pod;
  if (typeof namespace !== "string" || typeof name !== "string") return [];
  const ports = Array.isArray(value.ports) ? value.ports : [];
  return [{
    pod: `${namespace}/${name}`,
    netns: typeof value.netns === "string" ? value.netns : undefined,
    ports: ports.flatMap((port) => isObject(port) && typeof port.id === "string" ? [port.id] : []),
  }];
}
