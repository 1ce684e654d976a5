/**
 * A stand-in for the database's socket that passes everything on to the real server, counts it,
 * and injects faults.
 *
 * @module
 */

import { MessageSplitter } from "../../../lib/ovsdb/framing.ts";

/**
 * Bytes on their way in one direction; where they end, the connection is cut. A fault says when it
 * strikes, as not every call comes that far.
 */
export type Passage = (
  bytes: AsyncIterable<Uint8Array>,
  strike: () => void,
) => AsyncIterable<Uint8Array>;

/** A fault in one connection's bytes. */
export interface Fault {
  /** From the plugin to the server. */
  toServer?: Passage;
  /** From the server to the plugin. */
  toClient?: Passage;
}

/** Bytes that went over one connection. */
export interface Traffic {
  /** Transactions that the plugin asked for. */
  transactions: number;
  /** Bytes that the plugin sent. */
  bytesToServer: number;
  /** Bytes that the server sent. */
  bytesToClient: number;
}

/** A listening proxy. Leaving the scope closes it and all its connections. */
export class FaultProxy implements Disposable {
  /** Path of the socket that plugins connect to. */
  readonly socket: string;
  /** One per connection, in the order in which they were made. */
  readonly traffic: Traffic[] = [];
  readonly #target: string;
  readonly #listener: Deno.UnixListener;
  readonly #open = new Set<Deno.Conn>();
  readonly #serving = new Set<Promise<void>>();
  #fault: Fault = {};
  #strikes = 0;

  /**
   * Starts to listen.
   *
   * @param target Path of the server's socket. The proxy's own is beside it.
   */
  constructor(target: string) {
    this.#target = target;
    this.socket = `${target}-${crypto.randomUUID().slice(0, 8)}`;
    this.#listener = Deno.listen({ transport: "unix", path: this.socket });
    this.#accept();
  }

  /** Sets what happens to the connections made from now on; by default nothing does. */
  inject(fault: Fault = {}): void {
    this.#fault = fault;
    this.#strikes = 0;
  }

  /** Number of times that the fault has struck. */
  get strikes(): number {
    return this.#strikes;
  }

  /** All connections together, since the last {@linkcode forget}. */
  total(): Traffic {
    const sum = (of: (one: Traffic) => number) =>
      this.traffic.reduce((total, one) => total + of(one), 0);
    return {
      transactions: sum((one) => one.transactions),
      bytesToServer: sum((one) => one.bytesToServer),
      bytesToClient: sum((one) => one.bytesToClient),
    };
  }

  /** Starts to count anew. */
  forget(): void {
    this.traffic.length = 0;
  }

  /** Waits until all connections made so far are closed, and all that came over them is passed on. */
  async idle(): Promise<void> {
    await Promise.all(this.#serving);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) {
        const serving = this.#serve(client, this.#fault).finally(() => {
          this.#serving.delete(serving);
        });
        this.#serving.add(serving);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #serve(client: Deno.Conn, { toServer = unchanged, toClient = unchanged }: Fault) {
    const count: Traffic = { transactions: 0, bytesToServer: 0, bytesToClient: 0 };
    this.traffic.push(count);
    this.#open.add(client);
    const strike = () => void this.#strikes++;
    const server = await connect(this.#target);
    if (server) {
      this.#open.add(server);
      await Promise.race([
        pump(toServer(counted(client, requestCounter(count)), strike), server),
        pump(toClient(counted(server, replyCounter(count)), strike), client),
      ]);
    }
    for (const connection of [client, server]) {
      if (!connection) continue;
      close(connection);
      this.#open.delete(connection);
    }
  }
}

/** Connects as soon as the server's queue has room; returns nothing if there is no server. */
async function connect(path: string): Promise<Deno.Conn | undefined> {
  while (true) {
    try {
      return await Deno.connect({ transport: "unix", path });
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function unchanged(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return bytes;
}

function requestCounter(count: Traffic): (chunk: Uint8Array) => void {
  const splitter = new MessageSplitter(Infinity);
  return (chunk) => {
    count.bytesToServer += chunk.length;
    for (const message of splitter.push(chunk)) {
      if ((message as { method?: unknown }).method === "transact") count.transactions++;
    }
  };
}

function replyCounter(count: Traffic): (chunk: Uint8Array) => void {
  return (chunk) => count.bytesToClient += chunk.length;
}

async function* counted(source: Deno.Conn, count: (chunk: Uint8Array) => void) {
  const buffer = new Uint8Array(64 * 1024);
  for (let length = await source.read(buffer); length; length = await source.read(buffer)) {
    count(buffer.subarray(0, length));
    yield buffer.slice(0, length);
  }
}

/** Ends, without an error, when either side is gone. */
async function pump(bytes: AsyncIterable<Uint8Array>, target: Deno.Conn): Promise<void> {
  try {
    for await (const chunk of bytes) {
      for (let sent = 0; sent < chunk.length;) sent += await target.write(chunk.subarray(sent));
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
  return [BadResource, BrokenPipe, ConnectionReset, Interrupted].some((kind) =>
    error instanceof kind
  );
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
