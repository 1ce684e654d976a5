/**
 * Faults of a connection to the database, for {@linkcode FaultProxy}.
 *
 * @module
 */

import { MessageSplitter } from "../../../lib/ovsdb/framing.ts";
import type { Fault, Passage } from "./fault_proxy.ts";

/** A message of JSON-RPC. */
export type Message = Record<string, unknown>;

/** Ends the connection once so many bytes have passed. */
export function cutAfter(bytes: number): Passage {
  return after(bytes, () => {}, "is lost");
}

/** Makes a fault strike the first connection only. */
export function once(passage: Passage): Passage {
  let isUsed = false;
  return (source, strike) => {
    if (isUsed) return source;
    isUsed = true;
    return passage(source, strike);
  };
}

/**
 * Does something once so many bytes have passed.
 *
 * @param bytes How many.
 * @param act What to do.
 * @param rest What becomes of the bytes behind, once it is done; the connection ends with them.
 */
export function after(
  bytes: number,
  act: () => void | Promise<void>,
  rest: "passes" | "is lost" = "passes",
): Passage {
  return async function* (source, strike) {
    const reach = async () => {
      strike();
      await act();
    };
    if (bytes === 0) await reach();
    if (bytes === 0 && rest === "is lost") return;
    let left = bytes;
    for await (const chunk of source) {
      yield chunk.subarray(0, left);
      const isReached = left > 0 && left <= chunk.length;
      if (isReached) await reach();
      if (isReached && rest === "is lost") return;
      yield chunk.subarray(left);
      left -= Math.min(left, chunk.length);
    }
  };
}

/** Passes the bytes on one by one. */
export async function* drip(
  source: AsyncIterable<Uint8Array>,
  strike: () => void,
): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    strike();
    for (let index = 0; index < chunk.length; index++) yield chunk.subarray(index, index + 1);
  }
}

/** Passes everything on, each piece after a pause in milliseconds. */
export function later(pause: number): Passage {
  return async function* (source, strike) {
    for await (const chunk of source) {
      strike();
      await new Promise((resolve) => setTimeout(resolve, pause));
      yield chunk;
    }
  };
}

/** Passes on nothing. */
export async function* silence(
  source: AsyncIterable<Uint8Array>,
  strike: () => void,
): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    strike();
    yield chunk.subarray(0, 0);
  }
}

/** Replaces a reply to cut the connection. */
export const CUT = "cut";

/**
 * Changes the server's replies.
 *
 * @param edit Gets a reply and its number, from 0. Returns what the plugin gets instead, or
 * nothing to leave it as it is.
 */
export function replies(
  edit: (reply: Message, index: number) => Iterable<Uint8Array> | typeof CUT | undefined,
): Passage {
  return async function* (source, strike) {
    let index = 0;
    for await (const message of messages(source)) {
      const instead = edit(message, index++);
      if (instead) strike();
      if (instead === CUT) return;
      yield* instead ?? [encode(message)];
    }
  };
}

/** The reply of a given number gets lost, and the connection with it. */
export function lostReply(number: number): Passage {
  return replies((_, index) => index === number ? CUT : undefined);
}

/** The server asks for a sign of life before each of its replies. */
export function withEchoes(): Fault {
  const echo = { id: "echo", method: "echo", params: [1] };
  return {
    toClient: replies((reply) => [encode(echo), encode(reply)]),
    toServer: discardReplies,
  };
}

/** Keeps what the plugin replies from the server, which did not ask. */
export async function* discardReplies(
  source: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  for await (const message of messages(source)) if (message.method) yield encode(message);
}

/** A message's bytes. */
export function encode(message: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

export async function* messages(source: AsyncIterable<Uint8Array>): AsyncIterable<Message> {
  const splitter = new MessageSplitter(Infinity);
  for await (const chunk of source) yield* splitter.push(chunk) as Message[];
}
