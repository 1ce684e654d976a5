/**
 * Cuts a stream of bytes into JSON messages.
 *
 * OVSDB's JSON-RPC puts one JSON object after the other with nothing in between, so the end of
 * a message is where its outermost bracket closes. `ConcatenatedJsonParseStream` of `@std/json`
 * looks for that too, but bounds no message.
 *
 * Source: RFC 7047 section 4.
 *
 * @module
 */

import { ProtocolError } from "./error.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Finds the messages in a stream, however it is cut into chunks. */
export class MessageSplitter {
  /** The start of a message whose end is still to come: the first `#pending` bytes. */
  #buffer = new Uint8Array(0);
  #pending = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  readonly #maxBytes: number;

  /** @param maxBytes Length in bytes over which a message is refused. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes the next chunk of the stream.
   *
   * @param chunk Bytes; copied where they have to be kept.
   * @returns The messages that ended in it, each parsed.
   * @throws {ProtocolError} The stream is not JSON objects, or one of them is too long.
   */
  push(chunk: Uint8Array): unknown[] {
    const whole = this.#pending === 0 && chunk.length <= this.#maxBytes && parseWhole(chunk);
    if (whole) return [whole];
    const messages: unknown[] = [];
    let start = 0;
    for (let end = this.#endOfMessage(chunk, 0); end >= 0; end = this.#endOfMessage(chunk, end)) {
      messages.push(this.#parse(chunk.subarray(start, end)));
      start = end;
    }
    this.#keep(chunk.subarray(start));
    return messages;
  }

  /** The index after the byte that closes the message, or -1 if the chunk ends before. */
  #endOfMessage(chunk: Uint8Array, from: number): number {
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--this.#depth === 0) return i + 1;
      } else if (this.#depth > 0) this.#inString = byte === QUOTE;
      if (this.#depth <= 0 && !isSpace(byte!)) {
        throw new ProtocolError("the server sent something that is not a JSON object");
      }
    }
    return -1;
  }

  #parse(tail: Uint8Array): unknown {
    this.#keep(tail);
    const bytes = this.#buffer.subarray(0, this.#pending);
    this.#pending = 0;
    try {
      return JSON.parse(decoder.decode(bytes));
    } catch {
      // The parser's own message would repeat what it read.
      throw new ProtocolError("the server sent a message that is not valid JSON");
    }
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#pending + bytes.length;
    if (length > this.#maxBytes) {
      throw new ProtocolError(`the server sent a message of over ${this.#maxBytes} bytes`);
    }
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(2 * length, this.#maxBytes));
      larger.set(this.#buffer.subarray(0, this.#pending));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#pending);
    this.#pending = length;
  }
}

/**
 * A chunk that is one message, as a reply mostly is. V8 finds that out much faster than a scan
 * that runs once: two objects in a row, or half of one, are no JSON.
 */
function parseWhole(chunk: Uint8Array): unknown {
  if (chunk[0] !== OPEN_BRACE || chunk.at(-1) !== CLOSE_BRACE) return undefined;
  try {
    return JSON.parse(decoder.decode(chunk));
  } catch {
    return undefined;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
