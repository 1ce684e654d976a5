/**
 * Names of pods, from the records that the plugins keep of their attachments.
 *
 * @module
 */

import { parseRecord, type Part } from "../plugin/records/record.ts";
import type { PodFinder } from "./port.ts";

/** Records that are read, and how long one may be, in bytes; a node has some hundred small ones. */
const MAX_RECORDS = 20_000;
const MAX_RECORD_BYTES = 1024 * 1024;

/** Endings of records' names. */
const RECORD = /_(prod|cons)$/;

/** A record that was read. */
interface Known {
  /** Time of its last change, in milliseconds. */
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
    this.#byPort = new Map(pairs(parts, ({ ports }) => ports.map(({ id }) => id)));
    this.#byNetns = new Map(pairs(parts, ({ netns }) => [netns]));
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

/** Returns when a record was last written, in milliseconds; nothing if it is not to be read. */
function writtenAt(path: string): number | undefined {
  try {
    const { isFile, size, mtime } = Deno.lstatSync(path);
    return isFile && size <= MAX_RECORD_BYTES ? mtime?.getTime() ?? 0 : undefined;
  } catch {
    return undefined;
  }
}

function readParts(path: string): readonly Part[] {
  try {
    return parseRecord(JSON.parse(Deno.readTextFileSync(path))).parts;
  } catch {
    return [];
  }
}

/** The pod's name, as often as there are keys that it is found by. */
function pairs(
  parts: readonly Part[],
  keys: (part: Part) => readonly (string | undefined)[],
): [key: string, pod: string][] {
  return parts.flatMap((part) =>
    keys(part).flatMap((key): [string, string][] =>
      key && part.pod ? [[key, `${part.pod.namespace}/${part.pod.name}`]] : []
    )
  );
}
