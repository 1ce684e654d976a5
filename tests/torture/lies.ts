/**
 * False messages that a server may send instead of a reply.
 *
 * @module
 */

import { encode, type Message } from "../support/ovs/faults.ts";
import type { Random } from "./random.ts";

/** Makes what is sent instead of a reply; the connection goes on after it. */
export type Lie = (reply: Message) => Iterable<Uint8Array>;

/** A message longer than any that the plugins accept. */
const HUGE = 2 * 1024 * 1024;
const BLOCK = 64 * 1024;

/**
 * Answers that end.
 *
 * @param random Where arbitrary bytes come from.
 */
export function lies(random: Random): Record<string, Lie> {
  return {
    "is HTTP": () => [text("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")],
    "is random bytes": () => [random.bytes(1 + random.below(200))],
    "is not UTF-8": () => [text('{"id":0,"result":"'), Uint8Array.of(0xff), text('"}')],
    "is closed too often": (reply) => [text("}"), encode(reply)],
    "is followed by garbage": (reply) => [encode(reply), text("!")],
    "is an array": () => [encode([1])],
    "is an empty object": () => [encode({})],
    "is nested deeply": () => [text("[".repeat(HUGE / 8) + "]".repeat(HUGE / 8))],
    "is huge": (reply) => [encode({ ...reply, padding: "x".repeat(HUGE) })],
    "comes twice": (reply) => [encode(reply), encode(reply)],
    "is to a later request": (reply) => [encode({ ...reply, id: Number(reply.id) + 1 })],
    "comes after the next one": (reply) => [
      encode({ ...reply, id: Number(reply.id) + 1 }),
      encode(reply),
    ],
    "has a text as id": (reply) => [encode({ ...reply, id: String(reply.id) })],
    "is an error": ({ id }) => [encode({ id, result: null, error: "unknown database" })],
    "is an error of no known form": ({ id }) => [encode({ id, result: null, error: [[1]] })],
    "has no result": ({ id }) => [encode({ id, error: null })],
    ...wrongResults(),
  };
}

function wrongResults(): Record<string, Lie> {
  const instead = (change: (answers: unknown[]) => unknown): Lie => (reply) => [
    encode({ ...reply, result: change(reply.result as unknown[]) }),
  ];
  return {
    "has a text as result": instead(() => "done"),
    "has an empty result": instead(() => []),
    "lacks an answer": instead((answers) => answers.slice(1)),
    "has numbers as answers": instead((answers) => answers.map(() => 1)),
    "has nulls as answers": instead((answers) => answers.map(() => null)),
    "has answers without rows": instead((answers) => answers.map(() => ({ count: 1 }))),
    "has rows without columns": instead((answers) => answers.map(() => ({ rows: [{}] }))),
    "has rows that are numbers": instead((answers) => answers.map(() => ({ rows: [1, null] }))),
    "has columns of other types": instead((answers) =>
      answers.map(() => ({ rows: [{ _uuid: 1, name: [], mirrors: {}, external_ids: "x" }] }))
    ),
    "says that an operation failed": instead((answers) =>
      answers.map((_, index) => index === 0 ? { error: "constraint violation" } : null)
    ),
    "says that the commit failed": instead((answers) => [...answers, { error: "I/O error" }]),
    "has an error of no known form": instead((answers) => answers.map(() => ({ error: 1 }))),
  };
}

/** Answers that never end, by what they consist of. */
export const ENDLESS: Readonly<Record<string, Lie>> = {
  "is an endless text": () => endlessly('{"id":0,"result":"', "a"),
  "is an endless list": () => endlessly('{"id":0,"result":[', "0,"),
  "is nested endlessly": () => endlessly("", "["),
  "is endless white space": () => endlessly("", " "),
  "is endless requests for a sign of life": () =>
    endlessly("", '{"id":"e","method":"echo","params":[]}'),
  "is endless notifications": () => endlessly("", '{"id":null,"method":"update","params":[]}'),
};

function* endlessly(start: string, unit: string): Iterable<Uint8Array> {
  yield text(start);
  const block = text(unit.repeat(Math.ceil(BLOCK / unit.length)));
  while (true) yield block;
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
