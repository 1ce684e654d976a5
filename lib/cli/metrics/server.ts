/**
 * Serves HTTP within bounds, whatever clients do: so many connections at once, each for so long.
 *
 * Deno's own servers take any number of connections for any time, and end for good when there are
 * no file descriptors left; its `node:http` ignores Node's limits.
 *
 * @module
 */

import { sleep } from "../../observe/sleep.ts";
import {
  formatResponse,
  type HttpRequest,
  type HttpResponse,
  parseRequest,
  textResponse,
} from "./http.ts";

/** Connections at once; whoever comes then takes the place of one that asks for nothing. */
const MAX_CONNECTIONS = 64;

/** Milliseconds in which a request has to be there, and in which its answer has to be taken. */
const MAX_WAIT = 5_000;
const MAX_TIME = 10_000;

/** Milliseconds after which a client that does not read on may lose its place. */
const MAX_STALL = 250;

/** Milliseconds after which it is tried again when there is no room, or no file descriptor. */
const RETRY = 20;

const MAX_HEAD_BYTES = 16 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** Answers requests. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>;

/** The reason for having no request; without a message, there is no client to answer. */
class NoRequest extends Error {
  constructor(readonly status?: HttpResponse["status"]) {
    super();
  }
}

/** A client. */
class Connection {
  readonly #connection: Deno.Conn;
  readonly #timers: readonly ReturnType<typeof setTimeout>[];
  /** True if it asked for something that it has not got yet. */
  isOwed = false;
  /** Time at which the client last took some of the answer, once there is one. */
  #moved = Infinity;

  constructor(connection: Deno.Conn, readonly closed: (self: Connection) => void) {
    this.#connection = connection;
    this.#timers = [
      setTimeout(() => this.isOwed || this.close(), MAX_WAIT),
      setTimeout(() => this.close(), MAX_TIME),
    ];
  }

  /** True if there is an answer that it does not take. */
  get isStalled(): boolean {
    return performance.now() - this.#moved > MAX_STALL;
  }

  async serve(handle: Handler): Promise<void> {
    try {
      const [response, method] = await this.#request().then(
        async (request) => [await handle(request).catch(defect), request.method] as const,
        (error) => [refusal(error), ""] as const,
      );
      this.#moved = performance.now();
      for (const part of formatResponse(response, method)) await this.#send(part);
      this.isOwed = false;
      await this.#linger();
    } catch {
      // The client left, or was closed; there is nobody to tell.
    } finally {
      this.close();
    }
  }

  async #request(): Promise<HttpRequest> {
    const buffer = new Uint8Array(MAX_HEAD_BYTES);
    for (let length = 0; length < buffer.length;) {
      const count = await this.#connection.read(buffer.subarray(length));
      if (count === null) throw new NoRequest();
      length += count;
      const text = new TextDecoder("latin1").decode(buffer.subarray(0, length));
      const end = text.search(/\r?\n\r?\n/);
      if (end < 0) continue;
      this.isOwed = true;
      const request = parseRequest(text.slice(0, end));
      if (!request) throw new NoRequest(400);
      return request;
    }
    this.isOwed = true;
    throw new NoRequest(431);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent, sent + CHUNK_BYTES));
      this.#moved = performance.now();
    }
  }

  /** Reads on: a connection closed with bytes unread is reset, which may lose the answer. */
  async #linger(): Promise<void> {
    await this.#connection.closeWrite();
    const rest = new Uint8Array(CHUNK_BYTES);
    while (await this.#connection.read(rest) !== null);
  }

  close(): void {
    this.#timers.forEach(clearTimeout);
    try {
      this.#connection.close();
    } catch {
      // It is closed already.
    }
    this.closed(this);
  }
}

function refusal(error: unknown): HttpResponse {
  const status = error instanceof NoRequest ? error.status : undefined;
  if (status === undefined) throw error;
  return textResponse(status, "this request can't be read\n");
}

function defect(error: unknown): HttpResponse {
  const name = error instanceof Error ? error.name : typeof error;
  return textResponse(500, `failed unexpectedly (${name}); this is a defect, please report it\n`);
}

/**
 * Serves until it is told to end, and then finishes what it is asked for already.
 *
 * @param listener Where clients come from.
 * @param handle Answers them.
 * @param signal Ends it.
 * @param note Gets a line when no client can be taken.
 */
export async function serve(
  listener: Deno.Listener,
  handle: Handler,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const connections = new Set<Connection>();
  const running = new Set<Promise<void>>();
  signal.addEventListener("abort", () => listener.close());
  for (let failed = false; !signal.aborted;) {
    try {
      const accepted = await listener.accept();
      failed = false;
      await makeRoom(connections);
      const connection = new Connection(accepted, (self) => connections.delete(self));
      connections.add(connection);
      const run = connection.serve(handle).finally(() => running.delete(run));
      running.add(run);
    } catch (error) {
      if (signal.aborted) break;
      if (!failed) note(`cannot take a connection (${(error as Error).message}), trying again`);
      failed = true;
      leastWanted(connections)?.close();
      await sleep(RETRY, signal);
    }
  }
  for (const connection of connections) if (!connection.isOwed) connection.close();
  await Promise.all(running);
}

async function makeRoom(connections: ReadonlySet<Connection>): Promise<void> {
  while (connections.size >= MAX_CONNECTIONS) {
    const connection = leastWanted(connections);
    if (connection) connection.close();
    else await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** The oldest of those that ask for nothing, else of those that do not take what they asked for. */
function leastWanted(connections: ReadonlySet<Connection>): Connection | undefined {
  const all = Array.from(connections);
  return all.find(({ isOwed }) => !isOwed) ?? all.find(({ isStalled }) => isStalled);
}
