/**
 * The older format of files of packets, with times in microseconds
 * (draft-ietf-opsawg-pcap).
 *
 * @module
 */

import { type Format, LINKTYPE_ETHERNET } from "./file_format.ts";

const MAGIC = 0xa1b2c3d4;
const HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** Writes it. */
export const pcap: Format = {
  header(snaplen) {
    const view = new DataView(new ArrayBuffer(HEADER_BYTES));
    view.setUint32(0, MAGIC, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, snaplen, true);
    view.setUint32(20, LINKTYPE_ETHERNET, true);
    return new Uint8Array(view.buffer);
  },
  recordBytes: (length) => RECORD_HEADER_BYTES + length,
  writeRecord(bytes, view, at, frame, length, time) {
    view.setUint32(at, time / 1e6, true);
    view.setUint32(at + 4, time % 1e6, true);
    view.setUint32(at + 8, frame.length, true);
    view.setUint32(at + 12, length, true);
    bytes.set(frame, at + RECORD_HEADER_BYTES);
  },
  lengthAt: (view, at) => RECORD_HEADER_BYTES + view.getUint32(at + 8, true),
};
