/**
 * `metrics` as a program that runs on.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { lines } from "../run/lines.ts";
import { executable } from "../cni/plugin.ts";
import { until } from "../run/process.ts";

/** Milliseconds in which an answer has to come, also from a database that hangs. */
const LONGEST = 30_000;

/** Milliseconds after which it is taken to hang. */
const MAX_RUN = 120_000;

/** A running `metrics`. Leaving the scope ends it, if it has not ended. */
export class Exporter implements AsyncDisposable {
  readonly #timer: ReturnType<typeof setTimeout>;

  private constructor(
    readonly child: Deno.ChildProcess,
    readonly notes: AsyncGenerator<string>,
    readonly address: string,
  ) {
    this.#timer = setTimeout(() => child.kill("SIGKILL"), MAX_RUN);
  }

  /** Starts one on a free port of an address. */
  static async start(socket: string, hostname = "127.0.0.1"): Promise<Exporter> {
    const port = freePort();
    const address = `${
      hostname.includes("::") ? `[${hostname.replace(/[[\]]/g, "")}]` : hostname
    }:${port}`;
    const child = new Deno.Command(executable("consumer"), {
      args: ["metrics", "--listen", `${hostname}:${port}`, "--socket", socket],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    await using stack = new AsyncDisposableStack();
    const exporter = stack.use(new Exporter(child, lines(child.stderr), address));
    assertEquals(await exporter.note(/^serving /), `serving http://${address}/metrics`);
    stack.move();
    return exporter;
  }

  /** Waits for a line on standard error. */
  async note(what: RegExp): Promise<string> {
    for (let next = await this.notes.next(); !next.done; next = await this.notes.next()) {
      if (what.test(next.value)) return next.value;
    }
    throw new Error(`no line matches ${what}`);
  }

  /** What it answers to a request. */
  async get(path: string, accept = "application/openmetrics-text; version=1.0.0") {
    const signal = AbortSignal.timeout(LONGEST);
    const response = await fetch(`http://${this.address}${path}`, { headers: { accept }, signal });
    const type = response.headers.get("content-type");
    return { status: response.status, type, body: await response.text() };
  }

  /** Scrapes until the metrics are as they have to become. */
  async until(what: RegExp): Promise<void> {
    await until(
      `the metrics to match ${what}`,
      async () => what.test((await this.get("/metrics")).body),
    );
  }

  /** The memory that it has, in bytes. */
  async memory(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.child.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
  }

  /** Interrupts it and waits for its end. */
  async end(): Promise<Deno.CommandStatus> {
    this.child.kill("SIGTERM");
    return await this.child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Array.fromAsync(this.notes);
    await this.child.status;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
