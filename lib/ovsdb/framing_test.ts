import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { ProtocolError } from "./error.ts";
import { MessageSplitter } from "./framing.ts";

function push(splitter: MessageSplitter, text: string): unknown[] {
  return splitter.push(new TextEncoder().encode(text));
}

Deno.test("push() returns messages that follow each other without a gap", () => {
  const splitter = new MessageSplitter(100);
  assertEquals(push(splitter, '{"id":1}{"id":2}\n {"id":3}'), [{ id: 1 }, { id: 2 }, { id: 3 }]);
});

Deno.test("push() keeps the beginning of a message until its end arrives", () => {
  const splitter = new MessageSplitter(100);
  assertEquals(push(splitter, '{"a":[{'), []);
  assertEquals(push(splitter, ""), []);
  assertEquals(push(splitter, '}]}{"b":'), [{ a: [{}] }]);
  assertEquals(push(splitter, "1}"), [{ b: 1 }]);
});

Deno.test("push() passes over brackets and escaped quotes in strings", () => {
  const message = { "}": '{[\\"]}', '"': "\\" };
  assertEquals(push(new MessageSplitter(100), JSON.stringify(message)), [message]);
});

Deno.test("push() joins a character that was cut", () => {
  const bytes = new TextEncoder().encode('{"ä":"€"}');
  const splitter = new MessageSplitter(100);
  const messages = Array.from(bytes, (byte) => splitter.push(Uint8Array.of(byte)));
  assertEquals(messages.flat(), [{ "ä": "€" }]);
});

Deno.test("push() does not rely on the caller's buffer once it has returned", () => {
  const splitter = new MessageSplitter(100);
  const buffer = new TextEncoder().encode('{"a"');
  splitter.push(buffer);
  buffer.fill(0);
  assertEquals(push(splitter, ":1}"), [{ a: 1 }]);
});

Deno.test("push() refuses what is not a JSON object", () => {
  for (const text of ["a", "1", '"{}"', "}", "]", "{}}", "null", "\ufeff{}"]) {
    assertThrows(() => push(new MessageSplitter(100), text), ProtocolError, "not a JSON object");
  }
});

Deno.test("push() refuses brackets with something else than JSON inside", () => {
  for (const text of ["{]", "{a}", "{'a':1}", "[1,]", '{"SECRET"}']) {
    const error = assertThrows(() => push(new MessageSplitter(100), text), ProtocolError);
    assertEquals(error.message, "the server sent a message that is not valid JSON");
  }
});

Deno.test("push() refuses bytes that are not UTF-8", () => {
  const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
  assertThrows(() => new MessageSplitter(100).push(bytes), ProtocolError, "not valid JSON");
});

Deno.test("push() refuses a message over the limit before its end arrives", () => {
  const splitter = new MessageSplitter(10);
  push(splitter, '{"a":"');
  assertThrows(() => push(splitter, "xxxxx"), ProtocolError, "over 10 bytes");
});

Deno.test("push() reads a message however deeply it is nested", () => {
  const depth = 100_000;
  const text = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const [message] = push(new MessageSplitter(text.length), text) as [{ a: unknown }];
  assertEquals(Array.isArray(message.a), true);
});

Deno.test("push() takes memory for the bytes alone, however small the chunks are", () => {
  const limit = 1024 * 1024;
  const splitter = new MessageSplitter(limit);
  push(splitter, '{"');
  const before = Deno.memoryUsage().rss;
  const chunk = new TextEncoder().encode("x");
  for (let length = 2; length < limit; length++) splitter.push(chunk);
  const taken = Deno.memoryUsage().rss - before;
  // The message, its copies while a buffer grows, and what waits to be collected.
  assertLess(taken, 64 * limit);
});
