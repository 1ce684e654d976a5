/**
 * What the plugins should do to a switch and to the cache, told anew and in another way than the
 * plugins do it.
 *
 * @module
 */

import { type Attachment, entryOf, type Told, type Wanted } from "../attachment.ts";
import { type Mirror, MOST_MIRRORS, OURS, SwitchModel } from "./switch_model.ts";

/** What is on record of an attachment; nothing of use if the file is damaged. */
interface Entry {
  attachment?: Attachment;
  /** Names of mirrors on the attachment's bridge. */
  mirrors: Set<string>;
}

/** Exit codes that a call may have: 0 alone for success, or codes of errors that all apply. */
export type Codes = ReadonlySet<number>;

const SUCCESS: Codes = new Set([0]);

const NO_PORT = 100;
const NO_BRIDGE = 101;
const MIRROR_ELSEWHERE = 102;
const OUTPUT_TAKEN = 103;
const UNSUITABLE = 104;
const TOO_MANY = 105;
const NOT_ATTACHED = 106;
const NOT_AVAILABLE = 50;

/** The model of a host. */
export class PluginModel extends SwitchModel {
  /** By the names of their files. */
  readonly entries = new Map<string, Entry>();

  /** ADD: all mirrors or none. */
  add(attachment: Attachment, told: Told): Codes {
    const { bridge, mirrors } = attachment;
    const port = this.#portOf(attachment, told);
    const problems = this.#problems(attachment, port);
    if (problems.size > 0) return problems;
    for (const wanted of mirrors) {
      const rows = this.named(wanted.name);
      if (rows.length === 0) rows.push(this.#create(wanted.name, bridge));
      for (const row of rows) attach(row, attachment, wanted, port!);
    }
    this.sweep(bridge);
    this.#record(attachment);
    return SUCCESS;
  }

  /** DEL: never fails for what is gone. */
  del(attachment: Attachment, told: Told): Codes {
    const entry = this.entries.get(entryOf(attachment));
    const isKnown = told.netns || told.result !== "is absent" || entry?.attachment !== undefined;
    if (isKnown) this.#detach(attachment, attachment.mirrors.map(({ name }) => name));
    this.#detachRecorded(entry);
    this.sweep(attachment.bridge);
    this.entries.delete(entryOf(attachment));
    return SUCCESS;
  }

  /** CHECK: the port is on the bridge and in the columns of all mirrors. */
  check(attachment: Attachment, told: Told): Codes {
    const { bridge, mirrors } = attachment;
    if (!this.bridges.has(bridge)) return new Set([NO_BRIDGE]);
    const port = this.#portOf(attachment, told);
    // What is on record is looked for by its row, what is not by its name.
    const isRecorded = this.entries.get(entryOf(attachment))?.attachment !== undefined;
    if (port === undefined) return new Set(isRecorded ? [NO_PORT, NOT_ATTACHED] : [NO_PORT]);
    const isAttached = mirrors.every((wanted) => {
      const rows = this.named(wanted.name).filter((row) => row.bridge === bridge);
      const isAttachedTo = (row: Mirror) => isMember(row, attachment, wanted, port);
      // Of several rows of a name each may have an output of its own.
      if (attachment.role === "consumer") return rows.some(isAttachedTo);
      return rows.length > 0 && rows.every(isAttachedTo);
    });
    return isAttached ? SUCCESS : new Set([NOT_ATTACHED]);
  }

  /** GC: the entries of a network and a role go, but for those that are still valid. */
  gc({ network, role, bridge }: Attachment, valid: readonly Attachment[]): Codes {
    for (const [name, entry] of [...this.entries]) {
      const { attachment } = entry;
      if (attachment?.network !== network || attachment.role !== role) continue;
      const { container, ifname } = attachment;
      if (valid.some((one) => one.container === container && one.ifname === ifname)) continue;
      this.#detachRecorded(entry);
      this.entries.delete(name);
    }
    this.sweep(bridge);
    return SUCCESS;
  }

  /** STATUS: whether the bridge is there. */
  status({ bridge }: Attachment): Codes {
    return this.bridges.has(bridge) ? SUCCESS : new Set([NOT_AVAILABLE]);
  }

  /** Somebody destroys the content of an entry. */
  damage(name: string): void {
    this.entries.set(name, { mirrors: new Set() });
  }

  /**
   * The port that prevResult names, or else the one that is marked with the attachment. One that
   * was made for another pod is neither.
   */
  #portOf({ port, bridge, netns, ifname }: Attachment, told: Told): string | undefined {
    const found = this.ports.get(port);
    if (found?.bridge !== bridge || found.netns !== netns) return undefined;
    return told.result === "names the port" || found.ifname === ifname ? port : undefined;
  }

  #problems(attachment: Attachment, port: string | undefined): Set<number> {
    const { bridge, mirrors } = attachment;
    if (!this.bridges.has(bridge)) return new Set([NO_BRIDGE]);
    if (port === undefined) return new Set([NO_PORT]);
    const rows = mirrors.flatMap(({ name }) => this.named(name));
    const found = new Set(rows.flatMap((row) => problemsOf(row, attachment, port)));
    const wanted = new Set(mirrors.map(({ name }) => name));
    const unused = this.leftovers(bridge).filter(({ name }) => !wanted.has(name));
    const missing = mirrors.filter(({ name }) => this.named(name).length === 0);
    const total = this.mirrorsOn(bridge).length - unused.length + missing.length;
    if (missing.length > 0 && total > MOST_MIRRORS) found.add(TOO_MANY);
    return found;
  }

  #create(name: string, bridge: string): Mirror {
    const mirror: Mirror = {
      name,
      bridge,
      owner: OURS,
      src: new Set(),
      dst: new Set(),
      selectAll: false,
    };
    this.mirrors.add(mirror);
    return mirror;
  }

  /** An ADD that follows another of the same network keeps in mind what that one attached. */
  #record(attachment: Attachment): void {
    const name = entryOf(attachment);
    const earlier = this.entries.get(name);
    const kept = earlier?.attachment?.network === attachment.network ? earlier.mirrors : [];
    const mirrors = new Set([...kept, ...attachment.mirrors.map(({ name }) => name)]);
    this.entries.set(name, { attachment, mirrors });
  }

  #detachRecorded(entry: Entry | undefined): void {
    if (!entry?.attachment) return;
    this.#detach(entry.attachment, entry.mirrors);
    this.sweep(entry.attachment.bridge);
  }

  /** A port of the name that was made for another attachment stays where it is. */
  #detach({ role, bridge, port, netns }: Attachment, names: Iterable<string>): void {
    if (this.ports.get(port)?.netns !== netns) return;
    for (const row of [...names].flatMap((name) => this.named(name))) {
      if (row.bridge !== bridge) continue;
      if (role === "consumer" && row.output === port) row.output = undefined;
      if (role === "producer") [row.src, row.dst].forEach((ports) => ports.delete(port));
    }
  }
}

function problemsOf(row: Mirror, { role, bridge }: Attachment, port: string): number[] {
  const isSource = row.src.has(port) || row.dst.has(port);
  const isOutput = row.output === port;
  const found = row.bridge === bridge ? [] : [MIRROR_ELSEWHERE];
  if (role === "producer") return isOutput ? [...found, UNSUITABLE] : found;
  if (isSource || row.outputVlan !== undefined) found.push(UNSUITABLE);
  if (row.output !== undefined && !isOutput) found.push(OUTPUT_TAKEN);
  return found;
}

function attach(row: Mirror, { role }: Attachment, wanted: Wanted, port: string): void {
  if (role === "consumer") row.output = port;
  else if (wanted.ingress) row.src.add(port);
  if (role === "producer" && wanted.egress) row.dst.add(port);
}

function isMember(row: Mirror, { role }: Attachment, wanted: Wanted, port: string): boolean {
  if (role === "consumer") return row.output === port;
  return (!wanted.ingress || row.src.has(port)) && (!wanted.egress || row.dst.has(port));
}
