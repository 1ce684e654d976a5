/**
 * Copies that arrive beyond the node, each in a packet of a tunnel.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { Daemon } from "../run/daemon.ts";
import { lines } from "../run/lines.ts";
import type { Pod } from "../run/namespace.ts";
import { decodeFrame, type Frame } from "./frame.ts";
import { type Copy, decodeCopy } from "./tunnel.ts";

/** Captures packets at an interface of a host beyond the node, until the end of the scope. */
export class Copies implements AsyncDisposable {
  /** The copies so far, in order. */
  readonly copies: Copy[] = [];
  /** The frames captured. */
  readonly frames: Frame[] = [];
  readonly #daemon: Daemon;
  readonly #reading: Promise<void>;

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#reading = this.#read();
  }

  /**
   * Listens at an interface, and waits until no packet escapes it.
   *
   * @param host Where the interface is.
   * @returns What arrives.
   */
  static async at(host: Pod, ifname: string): Promise<Copies> {
    const program = fromFileUrl(new URL("sniffer.ts", import.meta.url));
    const options = ["--no-config", "--no-lock", "--allow-ffi"];
    const command = [Deno.execPath(), "run", ...options, program, ifname, "whole"];
    const daemon = new Daemon(host, command, { output: true });
    for await (const line of lines(daemon.stderr)) if (line.includes("listening on")) break;
    return new Copies(daemon);
  }

  /** The ICMP echo requests and replies among the copies so far, in order. */
  get echoes(): string[] {
    return this.frames.flatMap(({ echo }) => echo ?? []);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.#daemon.stdout)) {
      const copy = decodeCopy(Uint8Array.fromHex(line));
      if (!copy) continue;
      this.copies.push(copy);
      this.frames.push({ ...decodeFrame(copy.frame), time: Date.now() });
    }
  }
}
