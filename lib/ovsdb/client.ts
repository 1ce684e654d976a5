/**
 * A client of the OVSDB management protocol. Those on npm, `ovsdb-client` and `ovsdb-js`, have not
 * been maintained for years, bound no message and are loaded whole.
 *
 * Source: RFC 7047 section 4.
 *
 * @module
 */

import { untilAborted } from "./deadline.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import {
  ConnectionError,
  DeadlineError,
  OvsdbError,
  ProtocolError,
  RequestError,
} from "./error.ts";
import { MessageSplitter } from "./framing.ts";
import type { Operation } from "./operation.ts";
import { asString, type OperationResult, operationResults } from "./result.ts";

/** Options of a client. */
export interface ClientOptions {
  /** Ends the connection and all that waits for it, such as `AbortSignal.timeout(30_000)`. */
  signal?: AbortSignal;
  /** Length in bytes over which a message of the server is refused. Default: 16 MiB. */
  maxMessageBytes?: number;
  /** Gets what the server sends unasked, such as a monitor's updates; an error ends the connection. */
  onNotification?(method: string, params: unknown): void;
  /** Gets why the connection ended, once it did. */
  onEnd?(reason: unknown): void;
}

/** Longest pause before a full queue is tried again, in milliseconds. */
const QUEUE_PAUSE = 20;

const TOO_SLOW = "the server did not answer in time";

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

type Message = {
  id?: unknown;
  method?: unknown;
  params?: unknown;
  result?: unknown;
  error?: unknown;
};

/**
 * One connection to an OVSDB server. Requests may overlap; the server's own `echo` requests are
 * answered as long as the connection is open.
 *
 * @example List the bridges of a switch.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net
 * import { Client, parseEndpoint } from "@ovs-mirror/cni/ovsdb";
 *
 * using client = await Client.connect(parseEndpoint("unix:/var/run/openvswitch/db.sock"), {
 *   signal: AbortSignal.timeout(5_000),
 * });
 * const [bridges] = await client.transact("Open_vSwitch", [
 *   { op: "select", table: "Bridge", where: [], columns: ["name"] },
 * ]);
 * console.log(bridges?.rows?.map(({ name }) => name));
 * ```
 */
export class Client implements Disposable {
  readonly #connection: Deno.Conn;
  readonly #splitter: MessageSplitter;
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onAbort = (): void => this.#end(new DeadlineError(TOO_SLOW));
  #written: Promise<void> = Promise.resolve();
  #nextId = 0;
  #ended?: unknown;

  private constructor(connection: Deno.Conn, options: ClientOptions) {
    this.#connection = connection;
    this.#splitter = new MessageSplitter(options.maxMessageBytes ?? 16 * 1024 * 1024);
    this.#options = options;
    options.signal?.addEventListener("abort", this.#onAbort);
    this.#receive().catch((error) => this.#end(error));
  }

  /**
   * Connects to a server.
   *
   * @param endpoint Where it listens.
   * @param options The time allowed and the size accepted.
   * @returns An open connection, to be closed by the caller.
   * @throws {ConnectionError} Nobody listens there, or it may not be opened.
   * @throws {DeadlineError} The signal was aborted.
   */
  static async connect(endpoint: Endpoint, options: ClientOptions = {}): Promise<Client> {
    while (true) {
      const opening = dial(endpoint);
      try {
        return new Client(await untilAborted(opening, options.signal, TOO_SLOW), options);
      } catch (cause) {
        if (cause instanceof OvsdbError) {
          opening.then((late) => late.close(), () => {});
          throw cause;
        }
        // Linux does not let a connection wait for a place in the server's full queue.
        if (!(cause instanceof Deno.errors.WouldBlock)) {
          throw new ConnectionError(`cannot connect to ${formatEndpoint(endpoint)}`, { cause });
        }
        await new Promise((resolve) => setTimeout(resolve, QUEUE_PAUSE * Math.random()));
      }
    }
  }

  /**
   * Runs operations in one transaction: all of them take effect, or none.
   *
   * @param database The database's name, such as `Open_vSwitch`.
   * @param operations What to do, in order.
   * @returns One answer per operation.
   * @throws {OperationError} The transaction was aborted.
   * @throws {RequestError} The server refused the request.
   * @throws {OvsdbError} The connection broke, was too slow, or carried something else.
   */
  async transact(database: string, operations: readonly Operation[]): Promise<OperationResult[]> {
    return operationResults(operations, await this.call("transact", [database, ...operations]));
  }

  /**
   * Asks the server for a sign of life.
   *
   * @throws {OvsdbError} There was none.
   */
  async echo(): Promise<void> {
    await this.call("echo", []);
  }

  /**
   * Sends a request and waits for its reply.
   *
   * @param method The method's name.
   * @param params Its parameters.
   * @returns The reply's `result`.
   * @throws {RequestError} The reply is an error.
   * @throws {OvsdbError} The connection broke, was too slow, or carried something else.
   */
  call(method: string, params: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** Closes the connection. Requests without a reply fail. */
  close(): void {
    this.#end(new ConnectionError("the connection was closed"));
  }

  /** Closes the connection at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Writes one message after the other, so that none ends up inside another. */
  #send(message: Message): void {
    const bytes = new TextEncoder().encode(JSON.stringify(message));
    this.#written = this.#written.then(() => this.#writeAll(bytes))
      .catch((cause) => this.#end(new ConnectionError("cannot send to the server", { cause })));
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }

  async #receive(): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    while (true) {
      const count = await this.#read(buffer);
      for (const message of this.#splitter.push(buffer.subarray(0, count))) {
        this.#dispatch(message as Message);
      }
      // Whoever asks for signs of life faster than it takes the answers has to wait.
      await this.#written;
    }
  }

  async #read(buffer: Uint8Array): Promise<number> {
    const count = await this.#connection.read(buffer).catch((cause) => {
      throw new ConnectionError("the connection broke", { cause });
    });
    if (count === null) throw new ConnectionError("the server closed the connection");
    return count;
  }

  #dispatch(message: Message): void {
    if (typeof message.method === "string") return this.#serve(message);
    const waiting = this.#waiting.get(message.id as number);
    if (!waiting) throw new ProtocolError("the server replied to a request that was not made");
    this.#waiting.delete(message.id as number);
    if (message.error === null || message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(requestError(message.error));
  }

  #serve({ method, id, params }: Message): void {
    if (method === "echo") this.#send({ id, result: params, error: null });
    else this.#options.onNotification?.(method as string, params);
  }

  #end(reason: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.#connection.close();
    this.#options.onEnd?.(reason);
  }
}

/** Some servers send the error's name alone. */
function requestError(error: unknown): RequestError {
  const { error: name = error, details } = Object(error) as Record<string, unknown>;
  return new RequestError(asString(name) ?? "unknown error", asString(details));
}

async function dial(endpoint: Endpoint): Promise<Deno.Conn> {
  try {
    return await Deno.connect(endpoint as Deno.ConnectOptions);
  } catch (error) {
    if (endpoint.transport === "unix") throw error;
    const { connectToAny } = await import("./addresses.ts");
    return await connectToAny(endpoint, error);
  }
}
