/**
 * The current state of a switch, kept for every request.
 *
 * @module
 */

import type { Endpoint } from "../../ovsdb/endpoint.ts";
import { OvsdbError } from "../../ovsdb/error.ts";
import type { Follower } from "../../observe/follower.ts";
import { readMirrors } from "../../observe/model.ts";
import { hasEnded } from "../../observe/by_hand.ts";
import { reconnect } from "../../observe/reconnect.ts";
import { type Report, reportOn } from "../../observe/report.ts";
import { sleep } from "../../observe/sleep.ts";

/** Milliseconds for which a report is good enough; the switch counts every 5 seconds. */
const MAX_AGE = 1_000;

/** Milliseconds after which the database is taken for one that does not answer. */
const MAX_READ = 5_000;

/** Keeps one connection to a database, whatever becomes of the server. */
export class Collector {
  readonly #endpoint: Endpoint;
  #follower?: Follower;
  #sweep?: Promise<void>;
  #report?: { made: number; report: Promise<Report | undefined> };
  /** The node's name, once it was known. */
  node?: string;

  /** @param endpoint The database. */
  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** True if there is a connection. */
  get isConnected(): boolean {
    return this.#follower !== undefined;
  }

  /**
   * Connects, and again whenever the connection ended.
   *
   * @param signal Ends it.
   * @param note Gets a line whenever the connection was made or lost.
   */
  async run(signal: AbortSignal, note: (text: string) => void): Promise<void> {
    await reconnect(this.#endpoint, signal, {
      use: async (follower) => {
        note("connected");
        this.#follower = follower;
        try {
          for (let seen = follower.version;; seen = await follower.changed(seen)) {
            signal.throwIfAborted();
          }
        } finally {
          this.#follower = undefined;
        }
      },
      lost: (error) => note(`no connection (${error.message}), trying again`),
    });
  }

  /**
   * Looks at the switch, once for all who ask at about the same time.
   *
   * @returns What is known, or nothing if the database does not answer.
   */
  report(): Promise<Report | undefined> {
    const now = performance.now();
    if (!this.#report || now - this.#report.made > MAX_AGE) {
      this.#report = { made: now, report: this.#look() };
    }
    return this.#report.report;
  }

  async #look(): Promise<Report | undefined> {
    const follower = this.#follower;
    if (!follower) return undefined;
    const answered = new AbortController();
    try {
      const tables = await Promise.race([follower.read(), sleep(MAX_READ, answered.signal)]);
      if (!tables) {
        // The connection stands, but nobody answers: end it, so that another one is tried.
        follower[Symbol.dispose]();
        return undefined;
      }
      if (hasEnded(tables, Date.now())) this.#sweep ??= this.#takeBack();
      const report = await reportOn(this.#endpoint, tables, readMirrors(tables));
      this.node = report.node;
      return report;
    } catch (error) {
      if (error instanceof OvsdbError) return undefined;
      throw error;
    } finally {
      answered.abort();
    }
  }
  /** Nobody waits for it: what does not work out is tried with the next look. */
  async #takeBack(): Promise<void> {
    const { takeBackEnded } = await import("../attach/node.ts");
    await takeBackEnded(this.#endpoint).catch(() => {});
    this.#sweep = undefined;
  }
}
