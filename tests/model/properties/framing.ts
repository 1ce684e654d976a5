/**
 * Properties of {@linkcode MessageSplitter}.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { ProtocolError } from "../../../lib/ovsdb/error.ts";
import { MessageSplitter } from "../../../lib/ovsdb/framing.ts";
import { cut, jsonLikeBytes } from "../bytes.ts";
import { jsonObject } from "../json.ts";
import type { Property } from "../property.ts";

const NO_LIMIT = 1024 * 1024;

const gap = fc.constantFrom("", "", " ", "\n", "\r\n\t ");

/** A message as a server may write it, compact or not. */
const written = fc.tuple(gap, jsonObject, fc.constantFrom(undefined, 1, "\t")).map((
  [before, message, indent],
) => before + JSON.stringify(message, undefined, indent));

const stream = fc.array(written, { maxLength: 4 });

/** Splits a stream into messages, up to its end or an error. */
function split(chunks: Uint8Array[], limit = NO_LIMIT): { messages: unknown[]; error?: unknown } {
  const splitter = new MessageSplitter(limit);
  const messages: unknown[] = [];
  try {
    for (const chunk of chunks) messages.push(...splitter.push(chunk));
    return { messages };
  } catch (error) {
    return { messages, error };
  }
}

/** The properties. */
export const framingProperties: readonly Property[] = [
  {
    name: "MessageSplitter gives the same messages however the stream is cut",
    property: fc.property(
      stream.chain((texts) =>
        fc.record({ texts: fc.constant(texts), bytes: cut(fc.constant(encode(texts.join("")))) })
      ),
      ({ texts, bytes }) => {
        const expected = texts.map((text) => JSON.parse(text));
        assertEquals(split(bytes.chunks), { messages: expected });
      },
    ),
  },
  {
    name: "MessageSplitter meets garbage with a ProtocolError that repeats none of it",
    property: fc.property(cut(jsonLikeBytes), ({ whole, chunks }) => {
      const { messages, error } = split(chunks);
      for (const message of messages) assert(typeof message === "object" && message !== null);
      if (error !== undefined) assertProtocolError(error);
      const uncut = split([whole]);
      assertEquals(uncut.error === undefined, error === undefined);
      if (error === undefined) assertEquals(messages, uncut.messages);
    }),
  },
  {
    name: "MessageSplitter holds no more of a message than its limit",
    property: fc.property(
      fc.array(fc.nat({ max: 40 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 200 }),
      (lengths, limit) => {
        const splitter = new MessageSplitter(limit);
        let kept = 0;
        for (const chunk of endless(lengths)) {
          kept += chunk.length;
          if (kept <= limit) assertEquals(splitter.push(chunk), []);
          else return assertProtocolError(thrownBy(() => splitter.push(chunk)));
        }
      },
    ),
  },
  {
    name: "MessageSplitter takes a message of its limit and refuses one byte more",
    property: fc.property(jsonObject.map((value) => encode(JSON.stringify(value))), (message) => {
      assertEquals(split([message], message.length).error, undefined);
      assertProtocolError(split([message], message.length - 1).error);
    }),
  },
];

/** A message that never ends, in chunks of the given lengths. */
function endless(lengths: number[]): Uint8Array[] {
  return [encode('{"'), ...lengths.map((length) => encode("x".repeat(length)))];
}

function assertProtocolError(error: unknown): void {
  assertInstanceOf(error, ProtocolError);
  assertMatch(String(error), /: the server sent (something that is|a message (that is|of over)) /);
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
