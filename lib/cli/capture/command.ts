/**
 * `capture`: the packets that a mirror sends through a tunnel, as a file of packets.
 *
 * @module
 */

import { formatAddress } from "../listen.ts";
import { CommandError, EXIT } from "../errors.ts";
import { interruption } from "../system.ts";
import type { Command } from "../terminal.ts";
import { quote } from "../../text/text.ts";
import type { Statistics } from "./file_format.ts";
import { Output } from "./output.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";
import { type Counts, Receiver } from "./receiver.ts";
import { type CaptureRequest, parseCapture } from "./request.ts";
import { openSink } from "./sink.ts";
import { readDrops } from "./socket_drops.ts";
import { summary } from "./summary.ts";

const FORMAT = { pcapng, pcap };
const NAME = { vxlan: "VXLAN", geneve: "Geneve" };

/** Milliseconds between looks at whether anybody reads, while nothing comes. */
const PULSE = 2_000;

/** Milliseconds that whoever reads has for what is left at the end. */
const GRACE = 2_000;

/** Notes for help: the permissions it needs, and its messages. */
export const notes = `\
The packets come as a mirror's output sends them: an Open vSwitch port of type vxlan or geneve whose
remote_ip is the address here. Nothing is needed but the UDP port: no rights, no tunnel interface.
A node whose own tunnels have the port can't give it away: capture in a pod.

It ends with --count or --for, SIGINT or SIGTERM, or when nobody reads its output any more; then it
says what was written, lost and ignored. It never waits for the output: while that is too slow, it
keeps two times 16 MB and drops the rest. What the kernel drops when packets come in faster than
they are taken is told if standard input is the kernel's table: </proc/net/udp, or udp6 for IPv6.
The kernel's buffer has net.core.rmem_default bytes.

Whoever reaches the address can send packets that are then in the file. A file is made anew, for its
owner alone.

The exit status is 0 at one of these ends, 2 for invalid usage, 3 if the address can't be used or
the output can't be written; what was written before is whole packets.
`;

/** Receives until something ends it. */
export const run: Command = async (args, terminal) => {
  const request = parseCapture(args);
  const { path, protocol } = request;
  if (path === undefined && terminal.isTerminal) {
    throw new CommandError("packets are not for a terminal; use --write FILE or a pipe");
  }
  using receiver = new Receiver(request.address);
  const source = describe(request, receiver);
  const format = FORMAT[request.format];
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
  const sink = await openSink(path);
  const output = new Output(sink, format, format.header(request.snaplen, source), end);
  using interrupted = interruption();
  interrupted.signal.addEventListener("abort", () => end());
  terminal.writeError(`receiving ${source}\n`);
  receiver.run(request, output).then(end, reject);
  if (request.seconds) setTimeout(() => end(), request.seconds * 1000);
  if (path === undefined) setInterval(() => output.note(statistics(receiver.counts)), PULSE);
  await ended;
  const drops = await readDrops(receiver.address);
  receiver.close();
  await Promise.race([output.finish(statistics(receiver.counts, drops)), sleep(GRACE)]);
  terminal.writeError(summary(receiver.counts, drops, output.written, NAME[protocol]));
  return statusOf(output, path);
};

/** Whoever read the output has seen enough when a pipe is closed. */
function statusOf({ failure }: Output, path?: string): number {
  if (failure === undefined || failure instanceof Deno.errors.BrokenPipe) return EXIT.success;
  const where = path === undefined ? `standard output` : quote(path);
  throw new CommandError(`cannot write to ${where}: ${(failure as Error).message}`, EXIT.failure);
}

function describe({ protocol, key }: CaptureRequest, { address }: Receiver): string {
  const of = key === undefined ? "" : `, key ${key}`;
  return `${NAME[protocol]} on ${formatAddress(address)}${of}`;
}

function statistics({ kept, slow }: Counts, drops = 0): Statistics {
  const time = (performance.timeOrigin + performance.now()) * 1000;
  return { received: kept + slow, dropped: slow + drops, time };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(() => resolve(), milliseconds));
}
