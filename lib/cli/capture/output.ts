/**
 * Writes packets to a file or a pipe whose reader may be slow, without waiting for it and in
 * bounded memory: while one batch is being written, the next one fills up; what does not fit is
 * dropped.
 *
 * @module
 */

import type { Format, Statistics } from "./file_format.ts";
import type { Sink } from "./sink.ts";

/** Of each batch. A reader may pause for as long as it takes to fill one. */
const BATCH_BYTES = 16 * 2 ** 20;

/** A batch of this size is written at once, a smaller one after this many milliseconds. */
const ENOUGH_BYTES = 2 ** 18;
const MAX_DELAY = 20;

/** Packets on their way. */
class Batch {
  readonly bytes = new Uint8Array(BATCH_BYTES);
  readonly view = new DataView(this.bytes.buffer);
  /** Bytes that are in it, and how many of them are the header of the file. */
  used = 0;
  start = 0;
  /** Packets that are in it; behind them there may be a block that is none. */
  packets = 0;

  clear(): void {
    this.used = this.start = this.packets = 0;
  }
}

/** A file of packets that is being written. */
export class Output {
  readonly #sink: Sink;
  readonly #format: Format;
  readonly #onFailure: () => void;
  #filling = new Batch();
  #spare = new Batch();
  #timer?: ReturnType<typeof setTimeout>;
  #writing?: Promise<void>;
  #failure: unknown;
  #written = 0;

  /**
   * Begins the file.
   *
   * @param sink Where it goes.
   * @param format How it is written.
   * @param header What stands before the first packet.
   * @param onFailure Is called once if it can't be written.
   */
  constructor(sink: Sink, format: Format, header: Uint8Array, onFailure: () => void) {
    this.#sink = sink;
    this.#format = format;
    this.#onFailure = onFailure;
    this.#append(header);
    this.#filling.start = header.length;
    this.#start();
  }

  /** Packets that were written whole. */
  get written(): number {
    return this.#written;
  }

  /** The error that stopped the output from taking more bytes. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Takes a packet.
   *
   * @param frame What is kept of it. Its bytes are copied.
   * @param length Bytes that it had.
   * @param time When it came, in microseconds since 1970.
   * @returns Whether there was room for it.
   */
  add(frame: Uint8Array, length: number, time: number): boolean {
    const batch = this.#filling;
    const size = this.#format.recordBytes(frame.length);
    if (batch.used + size > BATCH_BYTES) return false;
    this.#format.writeRecord(batch.bytes, batch.view, batch.used, frame, length, time);
    batch.used += size;
    batch.packets++;
    if (batch.used >= ENOUGH_BYTES) this.#start();
    else this.#startSoon();
    return true;
  }

  /**
   * Writes how much has come, if the format has a place for it and nothing else is being written.
   * A pipe tells only then that nobody reads it any more.
   */
  note(statistics: Statistics): void {
    const block = this.#format.statistics?.(statistics);
    if (!block || this.#writing || this.#filling.used > 0) return;
    this.#append(block);
    this.#start();
  }

  /**
   * Writes what is left, and the statistics where the format has them.
   *
   * @param statistics What the capture came to.
   */
  async finish(statistics: Statistics): Promise<void> {
    const block = this.#format.statistics?.(statistics);
    if (block) this.#append(block);
    while (this.#filling.used > 0 && this.#failure === undefined) {
      this.#start();
      await this.#writing;
    }
    await this.#writing;
  }

  /** Room that there is not is missed by statistics alone. */
  #append(block: Uint8Array): void {
    const batch = this.#filling;
    if (batch.used + block.length > BATCH_BYTES) return;
    batch.bytes.set(block, batch.used);
    batch.used += block.length;
  }

  #startSoon(): void {
    if (!this.#writing) this.#timer ??= setTimeout(() => this.#start(), MAX_DELAY);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    do {
      const batch = this.#filling;
      [this.#filling, this.#spare] = [this.#spare, batch];
      await this.#writeBatch(batch);
      batch.clear();
    } while (this.#filling.used >= ENOUGH_BYTES && this.#failure === undefined);
    this.#writing = undefined;
    if (this.#filling.used > 0 && this.#failure === undefined) this.#startSoon();
  }

  async #writeBatch(batch: Batch): Promise<void> {
    const { done, error } = await this.#sink.write(batch.bytes.subarray(0, batch.used));
    if (error === undefined) {
      this.#written += batch.packets;
      return;
    }
    this.#failure = error;
    const [whole, blocks] = wholeBlocks(this.#format, batch, done);
    this.#written += Math.min(blocks, batch.packets);
    await this.#sink.cutOff(done - whole);
    this.#onFailure();
  }
}

/** Counts the leading bytes that are whole blocks, and those blocks. */
function wholeBlocks(format: Format, { view, start }: Batch, done: number): [number, number] {
  if (done < start) return [0, 0];
  let [whole, blocks] = [start, 0];
  while (whole < done) {
    const end = whole + format.lengthAt(view, whole);
    if (end > done) break;
    whole = end;
    blocks++;
  }
  return [whole, blocks];
}
