/**
 * A stand-in for the database's socket that writes down what plugins ask for.
 *
 * @module
 */

import { MessageSplitter } from "../../../lib/ovsdb/framing.ts";
import type { Operation } from "../../../lib/ovsdb/operation.ts";
import { FaultProxy } from "./fault_proxy.ts";

/** A request of a plugin. */
export interface RecordedRequest {
  method: string;
  /** For `transact`: the database, then operations. */
  params: readonly unknown[];
}

/** Cost of one call. */
export interface Cost {
  /** Requests of any method, in order. */
  requests: RecordedRequest[];
  /** Bytes that the server sent. */
  bytes: number;
  /** Bytes that the server got. */
  bytesToServer: number;
}

/** A listening recorder. Leaving the scope closes it. */
export class Recorder implements Disposable {
  readonly #proxy: FaultProxy;
  #requests: RecordedRequest[] = [];

  /** @param target Path of the server's socket. */
  constructor(target: string) {
    this.#proxy = new FaultProxy(target);
    this.#proxy.inject({ toServer: (bytes) => this.#record(bytes) });
  }

  /** Path of the socket that plugins connect to. */
  get socket(): string {
    return this.#proxy.socket;
  }

  /** Runs something, and tells what it asked the database for. */
  async costOf(action: () => Promise<unknown>): Promise<Cost> {
    this.#requests = [];
    this.#proxy.forget();
    await action();
    const { bytesToClient, bytesToServer } = this.#proxy.total();
    return { requests: this.#requests, bytes: bytesToClient, bytesToServer };
  }

  [Symbol.dispose](): void {
    this.#proxy[Symbol.dispose]();
  }

  async *#record(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const splitter = new MessageSplitter(Infinity);
    for await (const chunk of bytes) {
      this.#requests.push(...splitter.push(chunk) as RecordedRequest[]);
      yield chunk;
    }
  }
}

/** The operations of a `transact` request. */
export function operationsOf({ params }: RecordedRequest): Operation[] {
  return params.slice(1) as Operation[];
}
