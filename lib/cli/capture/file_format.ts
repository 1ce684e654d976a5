/**
 * Files of packets.
 *
 * @module
 */

/** Both formats have the number of Ethernet from the same list. */
export const LINKTYPE_ETHERNET = 1;

/** Totals of a capture. */
export interface Statistics {
  /** Packets that came, and such as came but could not be kept. */
  received: number;
  dropped: number;
  /** Time of these totals, in microseconds since 1970. */
  time: number;
}

/** A capture file format. All numbers in its files are little-endian. */
export interface Format {
  /**
   * Makes what stands before the first packet.
   *
   * @param snaplen Most bytes of a packet that are kept.
   * @param source Where the packets come from, for people.
   */
  header(snaplen: number, source: string): Uint8Array;
  /**
   * Tells how many bytes a packet takes.
   *
   * @param length Bytes of it that are kept.
   */
  recordBytes(length: number): number;
  /**
   * Writes a packet.
   *
   * @param bytes Where to, with room for all of it; `view` is of the same bytes.
   * @param at Where it begins there.
   * @param frame What is kept of the packet.
   * @param length Bytes that it had.
   * @param time When it came, in microseconds since 1970.
   */
  writeRecord(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    frame: Uint8Array,
    length: number,
    time: number,
  ): void;
  /** Tells how many bytes of what was written the record or block takes that begins somewhere. */
  lengthAt(view: DataView, at: number): number;
  /** Makes a block that tells what the capture came to; absent where the format has none. */
  statistics?(statistics: Statistics): Uint8Array;
}
