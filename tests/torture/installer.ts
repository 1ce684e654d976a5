/**
 * A node's files, damaged at random moments while the installer of `deploy/` watches them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { EXECUTABLES, type Installer, Node } from "../support/deploy/installer.ts";
import { until } from "../support/run/process.ts";
import { SmallDisk } from "../support/run/small_disk.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/** Options for damaging a node's files. */
export interface DamageOptions {
  random: Random;
  /** Number of times that they are damaged. */
  moments: number;
  /** Most that a repair may take, in milliseconds; without it only the files are judged. */
  within?: number;
  /** Content of the executables by name, in place of the compiled ones. */
  image?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Size of the node's disk, as `mount` has it. */
  disk: string;
}

/** Content of a plugin that is not ours. */
const OTHERS = new TextEncoder().encode(
  `#!/bin/sh\necho '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}'\n`,
);

/** Length of a file that was cut short. */
const CUT = 1000;

/** Longest pause before something happens, in milliseconds: more than two looks of the installer. */
const PAUSE = 1200;

/**
 * Damages the files again and again. At no moment may a file be anything but the image's or what
 * was done to it, and each time the image's has to come back.
 *
 * @param tally Where the outcomes are counted.
 * @param options Number of times, and the damage.
 */
export async function damageFiles(tally: Tally, options: DamageOptions): Promise<void> {
  using node = new Node();
  for (const [name, content] of Object.entries(options.image ?? {})) node.substitute(name, content);
  await using disk = await SmallDisk.mount(node.target, options.disk);
  await using victim = new Victim(node, disk, options, tally);
  await victim.repaired();
  for (let moment = 0; moment < options.moments; moment++) {
    await pause(options.random.below(PAUSE));
    const name = options.random.pick(Object.keys(DAMAGE));
    const start = await DAMAGE[name]!(victim, options.random);
    await victim.repaired();
    const took = Math.round(performance.now() - start);
    tally.cases++;
    tally.peak("slowest repair in milliseconds", took);
    tally.require(took <= (options.within ?? Infinity), () => `${name}: repaired after ${took} ms`);
  }
}

/** Ways to damage files. Each returns when its cause was gone and repairing could begin. */
const DAMAGE: Readonly<Record<string, (victim: Victim, random: Random) => Promise<number>>> = {
  "overwritten": (victim, random) => victim.damage(random, (path) => write(path, OTHERS)),
  "replaced": (victim, random) =>
    victim.damage(random, (path) => {
      write(`${path}.others`, OTHERS);
      Deno.renameSync(`${path}.others`, path);
    }),
  "removed": (victim, random) => victim.damage(random, (path) => Deno.removeSync(path)),
  "cut short": (victim, random) => victim.damage(random, (path) => Deno.truncateSync(path, CUT)),
  "not executable": (victim, random) =>
    victim.damage(random, (path) => Deno.chmodSync(path, 0o644)),
  async "disk full"(victim, random) {
    await victim.damage(random, (path) => Deno.removeSync(path));
    await victim.disk.fill();
    await pause(random.below(PAUSE));
    await victim.disk.free();
    return performance.now();
  },
  async "installer killed"(victim, random) {
    await victim.damage(random, (path) => write(path, OTHERS));
    await pause(random.below(PAUSE));
    await victim.restart(random.chance(0.5));
    return performance.now();
  },
  async "two installers"(victim, random) {
    const start = await victim.damage(random, (path) => write(path, OTHERS));
    const second = victim.start("install");
    victim.tally.require(await second.ended() === 0, () => `second installer: ${second.log}`);
    return start;
  },
};

/** The node's files, watched by an installer and by the test. */
class Victim implements AsyncDisposable {
  readonly #node: Node;
  readonly #image: ReadonlyMap<string, Uint8Array>;
  readonly #allowed = new Map<string, string>();
  readonly #seen = new Map<string, string>();
  readonly #timer: ReturnType<typeof setInterval>;
  #installer: Installer;

  constructor(
    node: Node,
    readonly disk: SmallDisk,
    options: DamageOptions,
    readonly tally: Tally,
  ) {
    this.#node = node;
    this.#image = new Map(
      EXECUTABLES.map((name) => [name, Deno.readFileSync(`${node.source}/${name}`)]),
    );
    for (const name of EXECUTABLES) this.#allowed.set(name, "missing");
    this.extra = options.image ? { HOST_USR: "" } : {};
    this.#installer = this.start("watch");
    this.#timer = setInterval(() => EXECUTABLES.forEach((name) => this.#look(name)), 3);
  }

  readonly extra: Record<string, string>;

  /** Starts an installer. */
  start(mode: string): Installer {
    const env = { POLL_SECONDS: "0.5", ...this.extra };
    return this.#node.start(mode, this.disk.through, env);
  }

  /** Does something to one of the files, or to both. */
  damage(random: Random, act: (path: string) => void): Promise<number> {
    this.tally.faults++;
    const names = random.chance(0.3) ? [...EXECUTABLES] : [random.pick(EXECUTABLES)];
    for (const name of names) {
      act(`${this.disk.path}/${name}`);
      this.#allowed.set(name, this.#stateOf(name));
    }
    return Promise.resolve(performance.now());
  }

  /** Kills the installer, alone or with all that it started, and starts another one. */
  async restart(whole: boolean): Promise<void> {
    this.#installer.kill("SIGKILL", whole);
    await this.#installer.ended();
    this.#installer = this.start("watch");
  }

  /** Waits until the image's files are back. */
  async repaired(): Promise<void> {
    await until(
      `the repair; the installer says: ${this.#installer.log}`,
      () => EXECUTABLES.every((name) => this.#look(name) === "new"),
    );
    for (const name of EXECUTABLES) this.#allowed.set(name, "new");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#installer.kill("SIGTERM");
    const code = await this.#installer.ended();
    // 143 if it was told to end before it had so much as begun.
    this.tally.require(code === 0 || code === 143, () => `the installer ended with ${code}`);
    const left = Array.from(Deno.readDirSync(this.disk.path), ({ name }) => name);
    this.tally.require(!left.some((name) => name.includes(".new.")), () => `left: ${left}`);
  }

  /** Judges a file, if it changed since it was last looked at. */
  #look(name: string): string {
    const state = this.#stateOf(name);
    const allowed = state === "new" || state === this.#allowed.get(name);
    this.tally.require(allowed, () => `${name} is ${state}, not ${this.#allowed.get(name)}`);
    return state;
  }

  #stateOf(name: string): string {
    const path = `${this.disk.path}/${name}`;
    try {
      const { ino, size, mtime, mode } = Deno.lstatSync(path);
      const key = [name, ino, size, mtime?.getTime(), mode].join();
      const known = this.#seen.get(key);
      if (known) return known;
      const state = this.#describe(name, Deno.readFileSync(path), mode!);
      this.#seen.set(key, state);
      return state;
    } catch {
      return "missing";
    }
  }

  #describe(name: string, content: Uint8Array, mode: number): string {
    const image = this.#image.get(name)!;
    if (Buffer.compare(content, OTHERS) === 0) return "somebody else's";
    if (Buffer.compare(content, image.subarray(0, CUT)) === 0) return "cut short";
    if (Buffer.compare(content, image) !== 0) return `half a file of ${content.length} bytes`;
    return (mode & 0o111) === 0o111 ? "new" : "not executable";
  }
}

function write(path: string, content: Uint8Array): void {
  Deno.writeFileSync(path, content, { mode: 0o755 });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
