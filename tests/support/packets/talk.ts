/**
 * Traffic that does not pause.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Capture } from "./capture.ts";
import { Daemon } from "../run/daemon.ts";
import { lines } from "../run/lines.ts";
import type { Pod } from "../run/namespace.ts";
import { until } from "../run/process.ts";

/** Between two echo requests, in seconds. */
const INTERVAL = 0.01;

/**
 * How many requests the switch may treat as before once a call has returned: it carries a change
 * out, says so, and then looks at flows one after the other.
 */
const GRACE = 10;

/** One pod pings another without pause. Leaving the scope ends it. */
export class Talk implements AsyncDisposable {
  readonly #daemon: Daemon;
  readonly #reading: Promise<void>;
  readonly #replies = new Set<number>();
  #last = 0;
  #duplicates = 0;

  private constructor(daemon: Daemon, readonly from: string, readonly to: string) {
    this.#daemon = daemon;
    this.#reading = this.#read();
  }

  /**
   * Starts it, and waits for the first replies.
   *
   * @param pod Who pings.
   * @param to The address that it pings.
   * @returns It.
   */
  static async start(pod: Pod, from: string, to: string): Promise<Talk> {
    const command = ["ping", "-n", "-i", String(INTERVAL), to];
    await using resources = new AsyncDisposableStack();
    const talk = resources.use(new Talk(new Daemon(pod, command, { output: true }), from, to));
    await talk.goesOn();
    resources.move();
    return talk;
  }

  /** The number of the last request that was answered. */
  get last(): number {
    return this.#last;
  }

  /** How many requests before the last one were not answered, or more than once. */
  get faults(): number {
    return this.#last - this.#replies.size + this.#duplicates;
  }

  /**
   * Waits for further replies.
   *
   * @param count How many.
   */
  async goesOn(count = GRACE): Promise<void> {
    const wanted = this.#last + count;
    await until(`${count} further replies`, () => this.#last >= wanted);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    await Promise.all([this.#reading, this.#daemon.stderr.cancel()]);
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.#daemon.stdout)) {
      const number = Number(/icmp_seq=(\d+) ttl/.exec(line)?.[1] ?? 0);
      if (number === 0) continue;
      if (this.#replies.has(number)) this.#duplicates++;
      this.#replies.add(number);
      this.#last = Math.max(this.#last, number);
    }
  }
}

/**
 * Makes sure that each request is mirrored from now on.
 *
 * @param capture The capture at the mirror's output.
 */
export async function isCopied(talk: Talk, capture: Pick<Capture, "echoes">): Promise<void> {
  await talk.goesOn();
  const first = talk.last + 1;
  await talk.goesOn();
  const wanted = Array.from(
    { length: talk.last + 1 - first },
    (_, index) => `${talk.from} > ${talk.to} request ${first + index}`,
  );
  await until("running traffic to be mirrored", () => capture.echoes.includes(wanted.at(-1)!));
  assertEquals(wanted.filter((echo) => !capture.echoes.includes(echo)), []);
}

/**
 * Makes sure that nothing is mirrored from now on.
 *
 * @param talk Requests that could be.
 * @param capture The capture at the mirror's former output.
 */
export async function isNotCopied(talk: Talk, capture: Pick<Capture, "frames">): Promise<void> {
  await talk.goesOn();
  const start = Date.now();
  await talk.goesOn(5 * GRACE);
  // What was captured before may have been on its way from the sniffer until now.
  const late = capture.frames.filter(({ time }) => time! > start);
  assertEquals(late, [], "running traffic is still mirrored");
}
