/**
 * What arrives at an interface, as `tcpdump` sees it.
 *
 * @module
 */

import { Daemon } from "./daemon.ts";
import { lines } from "./lines.ts";
import type { Place } from "./place.ts";
import { until } from "./process.ts";

/** One frame on the wire. */
export interface Frame {
  /** What is in it: `ICMP`, `ARP`, or the line of `tcpdump` if it is something else. */
  protocol: string;
  /** The VLAN that it is tagged with. */
  vlan?: number;
  /** An ICMP echo request or reply, such as `10.0.0.1 > 10.0.0.2 request 3`; 3 is its number. */
  echo?: string;
}

/** A running capture. Leaving the scope ends it. */
export class Capture implements AsyncDisposable {
  /** The frames so far, in order. */
  readonly frames: Frame[] = [];
  readonly #tcpdump: Daemon;
  #reading: Promise<void> = Promise.resolve();

  private constructor(tcpdump: Daemon) {
    this.#tcpdump = tcpdump;
  }

  /**
   * Starts a capture, and waits until no frame escapes it.
   *
   * @param place Where the interface is.
   * @param ifname Its name.
   * @returns The capture.
   * @throws {Error} `tcpdump` can't capture there; the message has why.
   */
  static async start(place: Place, ifname: string): Promise<Capture> {
    const options = ["-Z", "root", "-i", ifname, "-n", "-e", "-t", "-l", "--immediate-mode"];
    const tcpdump = new Daemon(place, ["tcpdump", ...options], { output: true });
    const capture = new Capture(tcpdump);
    capture.#reading = capture.#read();
    await ready(tcpdump.stderr);
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
    await this.#tcpdump[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.#tcpdump.stdout)) this.frames.push(parseFrame(line));
  }
}

/**
 * Reads a line of `tcpdump -e -n -t`.
 *
 * @param line The line.
 * @returns The frame.
 */
export function parseFrame(line: string): Frame {
  const vlan = /\bvlan (\d+)/.exec(line)?.[1];
  const echo = /(\S+ > \S+): ICMP echo (request|reply), id \d+, seq (\d+)/.exec(line);
  const protocol = /\b(ICMP|ARP)\b/.exec(line)?.[1] ?? line;
  return {
    protocol,
    ...(vlan && { vlan: Number(vlan) }),
    ...(echo && { echo: echo.slice(1).join(" ") }),
  };
}

/** Waits until `tcpdump` says that it listens. */
async function ready(messages: ReadableStream<Uint8Array>): Promise<void> {
  const said: string[] = [];
  for await (const line of lines(messages)) {
    if (line.includes("listening on")) return;
    said.push(line);
  }
  throw new Error(`tcpdump does not capture: ${said.join("; ")}`);
}
