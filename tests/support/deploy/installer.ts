/**
 * Runs of the installer in `deploy/` against directories of a test.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { type Finished, run } from "../run/process.ts";
import { executable } from "../cni/plugin.ts";

/** The script. */
export const INSTALLER = fromFileUrl(new URL("../../../deploy/install.sh", import.meta.url));

/** The executables that it installs. */
export const EXECUTABLES = ["ovs-mirror-consumer", "ovs-mirror-producer"] as const;

/** A node's CNI directory and an image's executables. Leaving the scope removes both. */
export class Node implements Disposable {
  readonly #root = Deno.makeTempDirSync({ prefix: "ovs-mirror-deploy-" });
  /** The node's CNI directory. */
  readonly target = join(this.#root, "bin");
  /** Where the image has its executables: the compiled ones, until a test puts others there. */
  readonly source = join(this.#root, "image");

  constructor() {
    Deno.mkdirSync(this.target);
    Deno.mkdirSync(this.source);
    const dist = dirname(executable("producer"));
    for (const name of EXECUTABLES) share(join(dist, name), join(this.source, name));
  }

  /** The environment that the installer gets. */
  env(more: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      SOURCE_DIR: this.source,
      TARGET_DIR: this.target,
      HOST_USR: "/usr",
      POLL_SECONDS: "0.1",
      ...more,
    };
  }

  /**
   * Runs the installer to its end.
   *
   * @param mode What it shall do.
   * @param env Variables over the usual ones.
   * @param through A command that runs another one.
   * @returns What it left.
   */
  install(
    mode: string,
    env: Record<string, string> = {},
    through: readonly string[] = [],
  ): Promise<Finished> {
    const [program, ...args] = [...through, "bash", INSTALLER, mode];
    return run(program!, { args, env: this.env(env), clearEnv: true });
  }

  /**
   * Starts the installer, for a test to wait for and to end.
   *
   * @param mode What it shall do.
   * @param through A command that runs another one.
   * @param env Variables over the usual ones.
   * @returns The process; all that it writes goes to its standard output.
   */
  start(
    mode: string,
    through: readonly string[] = [],
    env: Record<string, string> = {},
  ): Installer {
    const args = ["-c", 'exec "$@" 2>&1', "sh", ...through, "bash", INSTALLER, mode];
    const options = { args, env: this.env(env), clearEnv: true, detached: true } as const;
    return new Installer(
      new Deno.Command("sh", { ...options, stdin: "null", stdout: "piped", stderr: "null" })
        .spawn(),
    );
  }

  /** Puts a file where the node has its executable, as an earlier version would be. */
  plant(name: string, content: string): void {
    Deno.writeTextFileSync(join(this.target, name), content, { mode: 0o755 });
  }

  /** Puts another file in place of an executable of the image. */
  substitute(name: string, content: Uint8Array): void {
    const path = join(this.source, name);
    Deno.removeSync(path);
    Deno.writeFileSync(path, content, { mode: 0o755 });
  }

  /** What the node's directory holds: "new" for the image's executable, else a file's text. */
  state(): Record<string, string> {
    const names = Array.from(Deno.readDirSync(this.target), ({ name }) => name).sort();
    return Object.fromEntries(names.map((name) => [name, this.#describe(name)]));
  }

  /** Whether the node has the image's executables, ready to run. */
  isInstalled(): boolean {
    return EXECUTABLES.every((name) => {
      const path = join(this.target, name);
      return isSame(path, join(this.source, name)) && isExecutable(path);
    });
  }

  /** Removes everything. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#root, { recursive: true });
  }

  #describe(name: string): string {
    const path = join(this.target, name);
    if (Deno.lstatSync(path).isSymlink) return `-> ${Deno.readLinkSync(path)}`;
    if (isSame(path, join(this.source, name))) return isExecutable(path) ? "new" : "not executable";
    return new TextDecoder().decode(Deno.readFileSync(path).subarray(0, 100));
  }
}

/** An installer at work. */
export class Installer {
  /** All that it has written so far. */
  log = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  /** @param child Its process, the first of a process group. */
  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /**
   * Sends it a signal.
   *
   * @param signal Which one.
   * @param whole Whether its children get it too, as when a container is killed.
   */
  kill(signal: Deno.Signal, whole = false): void {
    Deno.kill(whole ? -this.#child.pid : this.#child.pid, signal);
  }

  /** Waits until it has ended and returns its exit status. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#reading;
    return code;
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.log += text;
    }
  }
}

/** The same file under another name, which a build meanwhile does not change. */
function share(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch {
    Deno.copyFileSync(from, to);
  }
}

function isSame(path: string, other: string): boolean {
  return new Deno.Command("cmp", { args: ["-s", path, other] }).outputSync().success;
}

function isExecutable(path: string): boolean {
  return (Deno.statSync(path).mode! & 0o111) === 0o111;
}
