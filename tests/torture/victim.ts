/**
 * One attachment that faults are tried on, and what may be left of it.
 *
 * @module
 */

import type { MirrorView, Ovsdb } from "../support/ovs/ovsdb.ts";
import type { PluginOutcome, PluginRequest, RoleName } from "../support/cni/plugin.ts";
import { type Attachment, entryOf, requestFor, type Told } from "./attachment.ts";
import { same, type Tally } from "./tally.ts";

/** The commands that change something for one attachment. */
export const COMMANDS = ["ADD", "DEL"] as const;
/** One of {@linkcode COMMANDS}. */
export type Command = typeof COMMANDS[number];

/** A way to call a plugin: its executable, or within this process. */
export type Caller = (role: RoleName, request: PluginRequest) => Promise<PluginOutcome>;

/** The state of the mirrors before the attachment. */
export const SETTINGS = ["fresh", "shared", "foreign"] as const;
/** One of {@linkcode SETTINGS}. */
export type Setting = typeof SETTINGS[number];

/** Exit status of a process that was killed, as shells have it. */
export const KILLED = 137;

const BRIDGE = "br1";
const PORT = "victim";
const COMPANION = "companion";

const ATTACHMENT = {
  container: "container-1",
  ifname: "eth1",
  netns: "/var/run/tests/victim",
  network: "net",
  bridge: BRIDGE,
  port: PORT,
  mirrors: ["m1", "m2"].map((name) => ({ name, ingress: true, egress: true })),
};

/** An attachment to two mirrors; the second one never exists before. */
export class Victim {
  /** Description, for messages. */
  readonly label: string;
  readonly role: RoleName;
  readonly #attachment: Attachment;
  /** The directory of the cache, as this process sees it. */
  cache: string;
  readonly #db: Ovsdb;
  readonly #socket: string;
  #before: MirrorView[] = [];
  #attached: MirrorView[] = [];

  private constructor(db: Ovsdb, socket: string, role: RoleName, setting: Setting) {
    this.#db = db;
    this.cache = `${db.directory}/cache`;
    this.#socket = socket;
    this.role = role;
    this.#attachment = { ...ATTACHMENT, role };
    this.label = `${role}, ${setting} mirror`;
  }

  /**
   * Makes the bridge, its ports and the mirrors of others.
   *
   * @param db The database; it must have no bridge yet.
   * @param socket What the plugin connects to.
   * @param setting Which mirrors are there before.
   */
  static async prepare(
    db: Ovsdb,
    socket: string,
    role: RoleName,
    setting: Setting,
  ): Promise<Victim> {
    await db.addBridges(BRIDGE);
    await db.addPorts(BRIDGE, PORT, COMPANION);
    const owner = setting === "shared" ? "ovs-cni.network.kubevirt.io" : "somebody else";
    const companion = await db.port(COMPANION);
    const row = { external_ids: ["map", [["owner", owner]]] as const, select_src_port: companion };
    if (setting !== "fresh") await db.addMirror(BRIDGE, { name: "m1", ...row });
    const victim = new Victim(db, socket, role, setting);
    victim.#before = await db.mirrors();
    victim.#attached = attach(victim.#before, role);
    return victim;
  }

  /**
   * Calls the plugin for this attachment.
   *
   * @param caller How.
   * @param request What else is different about the call.
   * @param told What the runtime tells of the attachment. Default: everything.
   */
  call(
    caller: Caller,
    command: Command,
    request: Partial<PluginRequest> = {},
    told?: Told,
  ): Promise<PluginOutcome> {
    const place = { directory: this.#db.directory, socket: this.#socket };
    const usual = requestFor(this.#attachment, place, command, told);
    return caller(this.role, { ...usual, ...request, env: { ...usual.env, ...request.env } });
  }

  /**
   * Judges what a call left. Success of ADD means attached, success of DEL means that all is as it
   * was before ADD; an error or a kill leaves all or nothing, and of DEL perhaps empty mirrors.
   *
   * @param outcome What the plugin left.
   * @param tally Where the outcome is counted.
   * @param occasion What happened during the call, for messages.
   */
  async judge(
    command: Command,
    outcome: PluginOutcome,
    tally: Tally,
    occasion: string,
  ): Promise<void> {
    tally.cases++;
    const lose = (what: string) => {
      tally.losses.push(`${this.label}: ${command}, ${occasion}: ${what}`);
    };
    const fault = faultOf(outcome);
    if (fault) lose(fault);
    const found = await this.#db.mirrors();
    const succeeded = outcome.code === 0;
    if (!this.#allowed(command, succeeded).some((state) => same(state, found))) {
      lose(`exit status ${outcome.code}, and mirrors are ${JSON.stringify(found)}`);
    }
    if (succeeded) this.#judgeFiles(command, lose);
  }

  #allowed(command: Command, succeeded: boolean): MirrorView[][] {
    if (succeeded) return command === "ADD" ? [this.#attached] : [this.#before];
    const either = [this.#before, this.#attached];
    return command === "ADD" ? either : [...either, detach(this.#attached, this.role)];
  }

  /**
   * Nothing is left after DEL. After ADD there may still be what a killed one was writing, which
   * DEL has to find. What should not be there is removed, so that it is one loss and not one in
   * every case after.
   */
  #judgeFiles(command: Command, lose: (what: string) => void): void {
    const entry = entryOf(this.#attachment);
    const files = this.#files()
      .filter((name) => command === "DEL" || !name.startsWith(`.${entry}.`));
    if (!same(files, command === "ADD" ? [entry] : [])) lose(`success, the cache holds ${files}`);
    const surplus = files.filter((name) => command === "DEL" || name !== entry);
    for (const name of surplus) Deno.removeSync(`${this.cache}/${name}`);
  }

  #files(): string[] {
    try {
      return Array.from(Deno.readDirSync(this.cache), ({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}

/** What is wrong with the form of an outcome, if anything: errors are CNI errors, foreseen ones. */
function faultOf({ code, json, stdout, stderr }: PluginOutcome): string | undefined {
  if (code === KILLED) return undefined;
  if (stderr !== "") return `it wrote to standard error: ${stderr}`;
  if (code === 0) return undefined;
  const isError = code === 1 && typeof json?.code === "number" && json.code !== 199;
  return isError ? undefined : `exit status ${code}, and it wrote ${stdout}`;
}

function attach(before: MirrorView[], role: RoleName): MirrorView[] {
  const made = ["m1", "m2"].filter((name) => !before.some((mirror) => mirror.name === name));
  const all = [
    ...before,
    ...made.map((name): MirrorView => ({
      name,
      bridge: BRIDGE,
      owner: "ovs-cni.network.kubevirt.io",
      src: [],
      dst: [],
      output: undefined,
    })),
  ];
  return all.map((mirror) =>
    role === "consumer"
      ? { ...mirror, output: PORT }
      : { ...mirror, src: [...mirror.src, PORT].sort(), dst: [...mirror.dst, PORT].sort() }
  );
}

function detach(attached: MirrorView[], role: RoleName): MirrorView[] {
  const without = (ports: string[]) => ports.filter((port) => port !== PORT);
  return attached.map((mirror) =>
    role === "consumer"
      ? { ...mirror, output: undefined }
      : { ...mirror, src: without(mirror.src), dst: without(mirror.dst) }
  );
}
