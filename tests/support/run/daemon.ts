/**
 * Programs that run in the background, for tests.
 *
 * @module
 */

import type { Place } from "./place.ts";

/** Options of a program in the background. */
export interface DaemonOptions {
  env?: Record<string, string>;
  /** Whether its output can be read from {@linkcode Daemon}. Default: it is thrown away. */
  output?: boolean;
}

/**
 * The shell ends the program when this process ends, however it ends: its input closes then. The
 * program alone holds the output, which so ends with it.
 */
const GUARDIAN = `
"$@" &
daemon=$!
exec >/dev/null 2>&1
read -r _
kill $daemon
wait $daemon
`;

/** A program in the background. Leaving the scope ends it. */
export class Daemon implements AsyncDisposable {
  readonly #guardian: Deno.ChildProcess;

  /**
   * Starts a program.
   *
   * @param place Where it runs.
   * @param command The program and its arguments.
   * @param options Its environment and what becomes of its output.
   */
  constructor(place: Place, command: readonly string[], options: DaemonOptions = {}) {
    const output = options.output ? "piped" : "null";
    const [program, ...args] = [...place.enter, "sh", "-c", GUARDIAN, "sh", ...command];
    this.#guardian = new Deno.Command(program!, {
      args,
      env: options.env,
      stdin: "piped",
      stdout: output,
      stderr: output,
      // In a session of its own, an interrupt typed at the terminal does not get ahead of us.
      detached: true,
    }).spawn();
  }

  /** Its standard output, if it was asked for. */
  get stdout(): ReadableStream<Uint8Array> {
    return this.#guardian.stdout;
  }

  /** Its standard error, if it was asked for. */
  get stderr(): ReadableStream<Uint8Array> {
    return this.#guardian.stderr;
  }

  /** Ends the program and waits until it is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guardian.stdin.close().catch(() => {});
    await this.#guardian.status;
  }
}
