/**
 * Captures packets at an interface.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { Daemon } from "../run/daemon.ts";
import { type Frame, parseFrame } from "./frame.ts";
import { lines } from "../run/lines.ts";
import type { Pod } from "../run/namespace.ts";
import type { Place } from "../run/place.ts";
import { until } from "../run/process.ts";

/** A program that prints a line per frame, once it has said that it is listening. */
interface Sniffer {
  command(ifname: string): string[];
  parse(line: string): Frame;
}

const TCPDUMP: Sniffer = {
  command: (
    ifname,
  ) => ["tcpdump", "-Z", "root", "-i", ifname, "-n", "-e", "-tt", "-l", "--immediate-mode"],
  parse: parseFrame,
};

const OWN_SNIFFER: Sniffer = {
  command: (ifname) => {
    const program = fromFileUrl(new URL("sniffer.ts", import.meta.url));
    return [Deno.execPath(), "run", "--no-config", "--no-lock", "--allow-ffi", program, ifname];
  },
  parse: (line) => JSON.parse(line),
};

/** A running capture. Leaving the scope ends it. */
export class Capture implements AsyncDisposable {
  /** The frames so far, in order. */
  readonly frames: Frame[] = [];
  readonly #daemon: Daemon;
  readonly #reading: Promise<void>;

  private constructor(daemon: Daemon, sniffer: Sniffer) {
    this.#daemon = daemon;
    this.#reading = this.#read(sniffer);
  }

  /**
   * Starts a capture, and waits until no frame escapes it.
   *
   * @param pod Where the interface is.
   * @throws {Error} Nothing can be captured there.
   */
  static async start(
    pod: Place & Partial<Pick<Pod, "setsGroups">>,
    ifname: string,
  ): Promise<Capture> {
    const sniffer = pod.setsGroups ? TCPDUMP : OWN_SNIFFER;
    const daemon = new Daemon(pod, sniffer.command(ifname), { output: true });
    await using resources = new AsyncDisposableStack();
    const capture = resources.use(new Capture(daemon, sniffer));
    await listening(daemon.stderr);
    resources.move();
    return capture;
  }

  /** The ICMP echo requests and replies so far, in order. */
  get echoes(): string[] {
    return this.frames.flatMap(({ echo }) => echo ?? []);
  }

  /**
   * Waits for frames.
   *
   * @param count How many at least, from the start of the capture.
   * @param kind Which frames count: all of them, or echoes.
   */
  async atLeast(count: number, kind: "frames" | "echoes" = "frames"): Promise<void> {
    await until(`${count} ${kind} to be captured`, () => this[kind].length >= count);
  }

  /** Ends the capture. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read({ parse }: Sniffer): Promise<void> {
    for await (const line of lines(this.#daemon.stdout)) this.frames.push(parse(line));
  }
}

/** Waits until a sniffer says that it listens. */
async function listening(messages: ReadableStream<Uint8Array>): Promise<void> {
  const said: string[] = [];
  for await (const line of lines(messages)) {
    if (line.includes("listening on")) return;
    said.push(line);
  }
  throw new Error(`nothing can be captured: ${said.join("; ")}`);
}
