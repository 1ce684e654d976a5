/**
 * Runs of the demo.
 *
 * @module
 */

import { dirname, fromFileUrl } from "@std/path";
import { executable } from "../cni/plugin.ts";
import { until } from "../run/process.ts";
import { processesNaming } from "../run/processes.ts";

const PROGRAM = fromFileUrl(new URL("../../../scripts/demo.ts", import.meta.url));

/** Runs a command as root of a user namespace, with no power over the machine. */
export const ROOT = ["unshare", "--user", "--map-root-user"] as const;

/** Runs a command as a user without rights, to whom this user's files belong. */
export const UNPRIVILEGED = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] as const;

/** Options of the demo. */
export interface DemoOptions {
  /** A command that runs another one. */
  through?: readonly string[];
  env?: Record<string, string>;
  /** Another program of the project with its arguments, instead of the demo. */
  program?: readonly string[];
}

/** Output of the demo. */
export interface DemoOutcome {
  code: number;
  /** Its output, errors included. */
  output: string;
  /** Files and processes that are still there. */
  left: string[];
}

/** A run of the demo with the executables built before, and a directory for temporary files. */
export class Demo implements AsyncDisposable {
  readonly #directory: string;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>[];
  #output = "";

  private constructor(
    directory: string,
    { through = [], env, program: own = [PROGRAM] }: DemoOptions,
  ) {
    this.#directory = directory;
    const demo = [Deno.execPath(), "run", "--allow-all", ...own];
    const [program, ...args] = [...through, ...demo];
    this.#process = new Deno.Command(program!, {
      args,
      env: {
        NO_COLOR: "1",
        OVS_MIRROR_DIST: dirname(executable("producer")),
        TMPDIR: directory,
        // As whoever clones the repository has it.
        OVS_CNI: "",
        ...env,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
    this.#reading = [this.#process.stdout, this.#process.stderr].map((one) => this.#read(one));
  }

  /** Starts a run. */
  static async start(options: DemoOptions = {}): Promise<Demo> {
    return new Demo(await Deno.makeTempDir({ prefix: "ovs-mirror-demo-" }), options);
  }

  /** Waits until it has written some text. */
  async hasWritten(text: string): Promise<void> {
    const probe = () => this.#output.includes(text);
    // What comes first may be a build, and a check of all types, on a machine with more to do.
    await until(`the demo to write ${JSON.stringify(text)}`, probe, 240);
  }

  /** Sends a signal to it and, as a terminal does, to all of its process group; or to it alone. */
  interrupt(signal: Deno.Signal, whom: "group" | "alone" = "group"): void {
    const { pid } = this.#process;
    Deno.kill(whom === "alone" ? pid : -pid, signal);
  }

  /** Waits for its end. */
  async ended(): Promise<DemoOutcome> {
    const [{ code }] = await Promise.all([this.#process.status, ...this.#reading]);
    const files = Array.from(Deno.readDirSync(this.#directory), ({ name }) => name);
    const processes = await this.processes();
    return { code, output: this.#output, left: [...files, ...processes.map(String)] };
  }

  /** Ids of the processes that it has started. */
  async processes(): Promise<number[]> {
    return await processesNaming(this.#directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.interrupt("SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await this.#process.status;
    await Deno.remove(this.#directory, { recursive: true });
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) this.#output += piece;
  }
}
