/**
 * A program that sends numbered frames of many flows without pause, or prints the numbers of those
 * that arrive. Each flow is one to a hardware address of its own.
 *
 * @module
 */

import { openPacketSocket } from "../../tests/support/packets/packet_socket.ts";

/** An ethertype for experiments, which nobody else uses here. */
const ETHERTYPE = 0x88b5;

/** Frames that are sent without a pause between them. */
const BURST = 20;

const [ifname, flows] = Deno.args;
const socket = openPacketSocket(ifname!);
await (flows === undefined ? receive() : send(Number(flows)));

/** Prints after each burst the number of its last frame and the time. */
async function send(flows: number): Promise<void> {
  const frame = new Uint8Array(64);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 1, 0, 0, 2, 0, 0, 9, 0, 1]);
  view.setUint16(12, ETHERTYPE);
  for (let number = 1;; number++) {
    view.setUint16(4, number % flows);
    view.setUint32(16, number);
    socket.send(frame);
    if (number % BURST !== 0) continue;
    console.log(number, Date.now());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A tag of a VLAN may stand before the ethertype. */
async function receive(): Promise<void> {
  const buffer = new Uint8Array(2048);
  const view = new DataView(buffer.buffer);
  console.error(`listening on ${ifname}`);
  while (true) {
    await socket.receive(buffer);
    const tag = view.getUint16(12) === 0x8100 ? 4 : 0;
    if (view.getUint16(12 + tag) === ETHERTYPE) console.log(view.getUint32(16 + tag));
  }
}
