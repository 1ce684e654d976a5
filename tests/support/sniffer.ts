/**
 * A program that prints what arrives at an interface, a frame in JSON per line.
 *
 * It stands in for `tcpdump` in a user namespace. As root, even of a user namespace, `tcpdump`
 * changes its groups, which the kernel forbids there.
 *
 * @module
 */

import { decodeFrame } from "./frame.ts";

/** Source: packet(7), Linux. */
const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOCKADDR_LL_BYTES = 20;

/** Longest frame, with room. */
const MAX_FRAME_BYTES = 65536;

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  if_nametoindex: { parameters: ["buffer"], result: "u32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize", nonblocking: true },
});

const [ifname] = Deno.args;
const socket = open(ifname!);
console.error(`listening on ${ifname}`);
const buffer = new Uint8Array(MAX_FRAME_BYTES);
while (true) {
  const length = Number(await libc.symbols.recv(socket, buffer, BigInt(buffer.length), 0));
  if (length < 0) throw new Error(`cannot receive from ${ifname}`);
  console.log(JSON.stringify({ ...decodeFrame(buffer.subarray(0, length)), time: Date.now() }));
}

/** Opens a socket that gets all frames of an interface. */
function open(ifname: string): number {
  const { symbols } = libc;
  const index = symbols.if_nametoindex(new TextEncoder().encode(`${ifname}\0`));
  const address = new Uint8Array(SOCKADDR_LL_BYTES);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ALL);
  view.setUint32(4, index, true);
  const socket = symbols.socket(AF_PACKET, SOCK_RAW, 0);
  if (socket >= 0 && index > 0 && symbols.bind(socket, address, address.length) === 0) {
    return socket;
  }
  throw new Error(`cannot capture at ${ifname}`);
}
