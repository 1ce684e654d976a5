/**
 * `capture` as a program that runs on, and datagrams for it.
 *
 * @module
 */

import { executable } from "../cni/plugin.ts";
import { lines } from "../run/lines.ts";
import { until } from "../run/process.ts";

/** Milliseconds after which it is taken to hang. */
const MAX_RUN = 120_000;

/** Options for starting `capture`. */
export interface ReceivingOptions {
  /** Its options besides the address. */
  args?: readonly string[];
  /** An address of this host, as `--listen` has it. */
  address?: string;
  /** A shell redirection of its standard output, instead of a pipe to the test. */
  redirection?: string;
  /** A command line that runs it. */
  through?: readonly string[];
}

/** A running `capture`, which gets the kernel's table. Leaving the scope ends it. */
export class Receiving implements AsyncDisposable {
  /** Its lines on standard error. */
  readonly said: string[] = [];
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #reading: Promise<void>;
  readonly #sender: Deno.DatagramConn;

  private constructor(readonly child: Deno.ChildProcess, readonly to: Deno.NetAddr) {
    this.#timer = setTimeout(() => child.kill("SIGKILL"), MAX_RUN);
    this.#reading = this.#read();
    const hostname = to.hostname.includes(":") ? "::1" : "127.0.0.1";
    this.#sender = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  }

  /** Starts one on a free port. */
  static async start(options: ReceivingOptions = {}): Promise<Receiving> {
    const { args = [], address = "127.0.0.1", redirection = "", through = [] } = options;
    const hostname = address.replace(/[[\]]/g, "");
    const to = { transport: "udp", hostname, port: freePort(hostname) } as const;
    const table = hostname.includes(":") ? "udp6" : "udp";
    const [program, ...rest] = [...through, "sh", "-c"];
    const child = new Deno.Command(program!, {
      args: [
        ...rest,
        `exec "$@" </proc/self/net/${table} ${redirection}`,
        ...["sh", executable("consumer"), "capture", "--listen", `${address}:${to.port}`, ...args],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await using stack = new AsyncDisposableStack();
    const receiving = stack.use(new Receiving(child, to));
    await until("capture to receive", () => receiving.said.length > 0);
    if (!receiving.said[0]!.startsWith("receiving ")) throw new Error(receiving.said[0]);
    stack.move();
    return receiving;
  }

  /** Sends datagrams to it. */
  async send(...datagrams: readonly Uint8Array[]): Promise<void> {
    for (const datagram of datagrams) await this.#sender.send(datagram, this.to);
  }

  /** Waits for the end of it, whatever ends it, and reads what it wrote. */
  async finish(): Promise<{ code: number; output: Uint8Array<ArrayBuffer>; said: string[] }> {
    const output = await new Response(this.child.stdout).bytes();
    return { output, ...await this.ended() };
  }

  /** Waits for the end of it, whatever ends it, while nobody reads what it writes. */
  async ended(): Promise<{ code: number; said: string[] }> {
    const { code } = await this.child.status;
    await this.#reading;
    return { code, said: this.said.slice(1) };
  }

  /** Waits until there is nothing left in its socket, or it has ended. */
  async settled(): Promise<void> {
    for (const end = Date.now() + MAX_RUN; this.#queued() > 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Ends it by a signal once there is nothing left in its socket. */
  async stop(signal: Deno.Signal = "SIGTERM") {
    await this.settled();
    this.child.kill(signal);
    return await this.finish();
  }

  /** The memory that it has, in bytes. */
  memory(): number {
    const status = Deno.readTextFileSync(`/proc/${this.child.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#sender.close();
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    if (!this.child.stdout.locked) await this.child.stdout.cancel();
    await this.#reading;
    await this.child.status;
  }

  /** Bytes that wait in its socket. */
  #queued(): number {
    const { hostname, port } = this.to;
    const table = `/proc/self/net/${hostname.includes(":") ? "udp6" : "udp"}`;
    const local = port.toString(16).toUpperCase().padStart(4, "0");
    const line = new RegExp(`:${local} \\S+ \\w+ \\w+:(\\w+)`).exec(Deno.readTextFileSync(table));
    return parseInt(line?.[1] ?? "0", 16);
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.child.stderr)) this.said.push(line);
  }
}

function freePort(hostname: string): number {
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  const { port } = socket.addr as Deno.NetAddr;
  socket.close();
  return port;
}

/** Bytes of the headers before the payload of {@linkcode frame}. */
const FRAME_HEADERS = 42;

/**
 * Makes a frame with a datagram of IPv4, from 10.0.0.1 to 10.0.0.2.
 *
 * @param port The port that it is from, by which it can be told from others.
 */
export function frame(length: number, port: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45]);
  view.setUint16(16, length - 14);
  bytes.set([64, 17], 22);
  bytes.set([10, 0, 0, 1, 10, 0, 0, 2], 26);
  view.setUint16(34, port);
  view.setUint16(36, 9);
  view.setUint16(38, length - FRAME_HEADERS + 8);
  return bytes;
}

/** Wraps a frame in VXLAN. */
export function vxlan(key: number, inner: Uint8Array): Uint8Array {
  return wrap([8, 0, 0, 0], key, inner);
}

/** Wraps a frame in Geneve, with an option of eight bytes. */
export function geneve(key: number, inner: Uint8Array): Uint8Array {
  return wrap([2, 0, 0x65, 0x58], key, new Uint8Array([0, 1, 2, 1, 0, 0, 0, 0, ...inner]));
}

function wrap(start: number[], key: number, rest: Uint8Array): Uint8Array {
  return new Uint8Array([...start, key >> 16, key >> 8 & 0xff, key & 0xff, 0, ...rest]);
}
