/**
 * A file system of a few kilobytes or megabytes, which can be filled up and made read-only.
 *
 * @module
 */

import { firstLine } from "./lines.ts";
import { succeed } from "./process.ts";

/** Mounts it where nobody else sees it, and keeps it until its own input closes. */
const HOLDER = `
read -r pid _ </proc/self/stat
mount -t tmpfs -o "size=$2,mode=700" tmpfs "$1" || exit 1
echo "$pid"
read -r _ || true
`;

/** A small disk. Leaving the scope removes it. */
export class SmallDisk implements AsyncDisposable {
  /** The command line that runs a program which finds the disk at its place. */
  readonly through: readonly string[];
  /** Where this process finds it. */
  readonly path: string;
  readonly #holder: Deno.ChildProcess;
  readonly #place: string;

  private constructor(holder: Deno.ChildProcess, pid: string, place: string) {
    const user = isRoot() ? [] : ["--user", "--preserve-credentials"];
    this.through = ["/usr/bin/nsenter", `--target=${pid}`, ...user, "--mount", "--"];
    this.path = `/proc/${pid}/root${place}`;
    this.#holder = holder;
    this.#place = place;
  }

  /**
   * Mounts a disk.
   *
   * @param place A directory that is there. Only what runs {@linkcode through} the disk sees it.
   * @param size Of the disk, as `mount` has it.
   * @throws {Error} It may not be mounted; the message has why.
   */
  static async mount(place: string, size = "16k"): Promise<SmallDisk> {
    const user = isRoot() ? [] : ["--map-root-user"];
    const holder = new Deno.Command("sh", {
      args: ["-c", 'exec unshare "$@" 2>&1', "sh", ...user, "--mount", "sh", "-c", HOLDER, "sh"]
        .concat(place, size),
      stdin: "piped",
      stdout: "piped",
      detached: true,
    }).spawn();
    const answer = await firstLine(holder.stdout);
    if (/^\d+$/.test(answer)) return new SmallDisk(holder, answer, place);
    await end(holder);
    throw new Error(`cannot mount a file system: ${answer}`);
  }

  /** Fills it up to its last byte. */
  async fill(): Promise<void> {
    await this.#run(`head -c 1G /dev/zero >"${this.#place}/filler" 2>/dev/null || true`);
  }

  /** Makes room again. */
  async free(): Promise<void> {
    await this.#run(`rm -f "${this.#place}/filler"`);
  }

  /** Forbids all changes, or allows them again. */
  async setReadOnly(readOnly: boolean): Promise<void> {
    await this.#run(`mount -o remount,bind,${readOnly ? "ro" : "rw"} "${this.#place}"`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#holder);
  }

  async #run(script: string): Promise<void> {
    const [program, ...args] = [...this.through, "sh", "-c", script];
    await succeed(program!, ...args);
  }
}

async function end(holder: Deno.ChildProcess): Promise<void> {
  await holder.stdin.close().catch(() => {});
  await holder.status;
}

function isRoot(): boolean {
  return Deno.uid() === 0;
}

/**
 * Tells whether tests with small disks have to be left out, and says so.
 *
 * @returns Whether none may be mounted.
 * @throws {Error} That is so in CI, which must leave nothing out.
 */
export async function lacksSmallDisk(): Promise<boolean> {
  const place = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    await using _disk = await SmallDisk.mount(place);
    return false;
  } catch (error) {
    if (Deno.env.get("CI") === "true") throw error;
    console.warn(`tests left out, ${(error as Error).message}`);
    return true;
  } finally {
    await Deno.remove(place);
  }
}
