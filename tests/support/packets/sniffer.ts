/**
 * A program that prints what arrives at an interface, a frame in JSON per line, or with `whole`
 * after the interface in hexadecimal.
 *
 * It stands in for `tcpdump` in a user namespace. As root, even of a user namespace, `tcpdump`
 * changes its groups, which the kernel forbids there.
 *
 * @module
 */

import { decodeFrame } from "./frame.ts";
import { openPacketSocket } from "./packet_socket.ts";

/** Longest frame, with room. */
const MAX_FRAME_BYTES = 65536;

const [ifname, form] = Deno.args;
const socket = openPacketSocket(ifname!);
console.error(`listening on ${ifname}`);
const buffer = new Uint8Array(MAX_FRAME_BYTES);
while (true) {
  const length = await socket.receive(buffer);
  const frame = buffer.subarray(0, length);
  console.log(
    form === "whole" ? frame.toHex() : JSON.stringify({ ...decodeFrame(frame), time: Date.now() }),
  );
}
