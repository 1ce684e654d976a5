/**
 * The newer format of files of packets (draft-ietf-opsawg-pcapng): blocks, each with its type and
 * its length before and behind it, and times in microseconds.
 *
 * @module
 */

import { type Format, LINKTYPE_ETHERNET } from "./file_format.ts";

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

/** Type and length before a block, and length behind it. */
const FRAME_BYTES = 12;
/** Before a packet's bytes: the frame's first two members, interface, time, and two lengths. */
const PACKET_AT = 28;

/** Options: the name of an interface; packets that it received, and dropped. */
const IF_NAME = 2;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;

/** Writes it. */
export const pcapng: Format = {
  header(snaplen, source) {
    const section = block(SECTION_HEADER, words(BYTE_ORDER, 1, 0xffffffff, 0xffffffff));
    const options = [option(IF_NAME, new TextEncoder().encode(source)), words(0)];
    const description = block(INTERFACE_DESCRIPTION, words(LINKTYPE_ETHERNET, snaplen), ...options);
    return join([section, description]);
  },
  recordBytes: (length) => PACKET_AT + padded(length) + 4,
  writeRecord(bytes, view, at, frame, length, time) {
    const total = PACKET_AT + padded(frame.length) + 4;
    view.setUint32(at, ENHANCED_PACKET, true);
    view.setUint32(at + 4, total, true);
    view.setUint32(at + 8, 0, true);
    view.setUint32(at + 12, time / 2 ** 32, true);
    view.setUint32(at + 16, time, true);
    view.setUint32(at + 20, frame.length, true);
    view.setUint32(at + 24, length, true);
    // The bytes were used before, and padding is zero.
    view.setUint32(at + total - 8, 0, true);
    bytes.set(frame, at + PACKET_AT);
    view.setUint32(at + total - 4, total, true);
  },
  lengthAt: (view, at) => view.getUint32(at + 4, true),
  statistics({ received, dropped, time }) {
    const options = [
      option(ISB_IFRECV, words(received, received / 2 ** 32)),
      option(ISB_IFDROP, words(dropped, dropped / 2 ** 32)),
      words(0),
    ];
    return block(INTERFACE_STATISTICS, words(0, time / 2 ** 32, time), ...options);
  },
};

function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  const length = words(body.length + FRAME_BYTES);
  return join([words(type), length, body, length]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  const padding = new Uint8Array(padded(value.length) - value.length);
  return join([words(code | value.length << 16), value, padding]);
}

function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setUint32(4 * index, value, true));
  return new Uint8Array(view.buffer);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
