/**
 * Receives the datagrams of a tunnel.
 *
 * @module
 */

import { type Address, formatAddress } from "../listen.ts";
import { CommandError, EXIT } from "../errors.ts";
import { frameStart, keyOf } from "./encapsulation.ts";
import type { Output } from "./output.ts";
import type { CaptureRequest } from "./request.ts";

/** More than the longest datagram. */
const DATAGRAM_BYTES = 2 ** 16;

/** Datagrams that came, by what became of them. */
export interface Counts {
  /** Their packets were kept. */
  kept: number;
  /** There was no room for their packets, as whoever reads the output is slow. */
  slow: number;
  /** They are of another key, of another protocol, or end before a packet begins. */
  otherKey: number;
  foreign: number;
  cut: number;
}

/** A socket for the datagrams of a tunnel. Leaving the scope closes it. */
export class Receiver implements Disposable {
  /** Totals so far. */
  readonly counts: Counts = { kept: 0, slow: 0, otherKey: 0, foreign: 0, cut: 0 };
  readonly #socket: Deno.DatagramConn;
  #isClosed = false;

  /**
   * Opens it.
   *
   * @param address Where the datagrams are sent.
   * @throws {CommandError} It can't be had.
   */
  constructor(address: Address) {
    try {
      this.#socket = Deno.listenDatagram({ transport: "udp", ...address });
    } catch (error) {
      const where = formatAddress(address);
      throw new CommandError(`cannot receive on ${where}: ${(error as Error).name}`, EXIT.failure);
    }
  }

  /** The address where it listens, with a port that the kernel chose. */
  get address(): Address {
    return this.#socket.addr as Deno.NetAddr;
  }

  /**
   * Receives until it is closed, or has as many packets as were asked for. Does as little as
   * possible for each: the kernel keeps only some milliseconds' worth.
   *
   * @param request Which packets are wanted.
   * @param output Where they go.
   */
  async run(request: CaptureRequest, output: Output): Promise<void> {
    const buffer = new Uint8Array(DATAGRAM_BYTES);
    try {
      while (this.counts.kept < request.count) {
        const [datagram] = await this.#socket.receive(buffer);
        this.#take(datagram, request, output);
      }
    } catch (error) {
      if (!this.#isClosed) throw error;
    }
  }

  #take(datagram: Uint8Array, { protocol, key, snaplen }: CaptureRequest, output: Output): void {
    const time = (performance.timeOrigin + performance.now()) * 1000;
    const start = frameStart(protocol, datagram);
    if (typeof start === "string") {
      this.counts[start]++;
    } else if (key !== undefined && keyOf(datagram) !== key) {
      this.counts.otherKey++;
    } else {
      const kept = datagram.subarray(start, start + snaplen);
      this.counts[output.add(kept, datagram.length - start, time) ? "kept" : "slow"]++;
    }
  }

  /** Closes it, which ends {@linkcode run}. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
