import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  FileError,
  MAX_FILE_BYTES,
  parse,
  readBounded,
  readOpen,
  tooLong,
  unusable,
} from "./files.ts";

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Hands out bytes in portions, as a file or a pipe does. */
function source(
  content: Uint8Array,
  portion: number,
): (buffer: Uint8Array) => Promise<number | null> {
  let offset = 0;
  return (buffer) => {
    const bytes = content.subarray(offset, offset + Math.min(portion, buffer.length));
    offset += bytes.length;
    buffer.set(bytes);
    return Promise.resolve(bytes.length === 0 ? null : bytes.length);
  };
}

Deno.test("readBounded() reads to the end, however it comes", async () => {
  for (const length of [0, 1, 16 * 1024, 16 * 1024 + 1, 100_000]) {
    const content = Uint8Array.from({ length }, (_, index) => index % 251);
    for (const portion of [1000, 16 * 1024, 1_000_000]) {
      assertEquals(await readBounded(source(content, portion), 100_000), content);
    }
  }
});

Deno.test("readBounded() stops one byte after the limit", async () => {
  for (const limit of [0, 10, 16 * 1024, 50_000]) {
    const endless = (buffer: Uint8Array) => Promise.resolve(buffer.length);
    assertEquals((await readBounded(endless, limit)).length > limit, true);
    assertEquals(
      (await readBounded(endless, limit)).length <= Math.max(limit + 1, 16 * 1024),
      true,
    );
  }
});

Deno.test("readBounded() passes on the failure to read", async () => {
  await assertRejects(() => readBounded(() => Promise.reject(new RangeError("x")), 10), RangeError);
});

Deno.test("readOpen() reads as much as there is, and asks for an end only where it can't tell", async () => {
  for (const [size, asked] of [[5, 1], [0, 2]] as const) {
    let reads = 0;
    const read = source(encode("12345"), 100);
    const file = { read: (buffer: Uint8Array) => (reads++, read(buffer)) };
    assertEquals(await readOpen("/f", file, size, 10), encode("12345"));
    assertEquals(reads, asked);
  }
});

Deno.test("readOpen() reads on where it gets less at once, and up to the limit", async () => {
  const of = (text: string) => ({ read: source(encode(text), 2) });
  assertEquals(await readOpen("/f", of("12345"), 5, 10), encode("12345"));
  assertEquals(await readOpen("/f", of("123"), 5, 10), encode("123"));
  assertEquals(await readOpen("/f", of("12345"), 5, 5), encode("12345"));
  await assertRejects(() => readOpen("/f", of("12345"), 5, 4), FileError, "longer than 4 bytes");
});

Deno.test("parse() decodes JSON", () => {
  assertEquals(parse("/f", encode('{"bridge": "br1"}')), { bridge: "br1" });
});

Deno.test("parse() names a file that is not JSON, and repeats none of it", () => {
  for (const content of [encode(""), encode("SECRET"), encode('{"a":'), Uint8Array.of(0xff)]) {
    const error = assertThrows(() => parse("/f", content), FileError);
    assertEquals(error.message, "/f is not valid JSON");
  }
});

Deno.test("tooLong() names the file and the limit", () => {
  assertEquals(tooLong("/f", MAX_FILE_BYTES).message, "/f is longer than 1048576 bytes");
});

Deno.test("unusable() says what kind of failure it was", () => {
  assertEquals(unusable("/f", new TypeError("SECRET")).message, "/f cannot be used: TypeError");
});

Deno.test("unusable() names a failure that Deno has no class for by its code", () => {
  const full = Object.assign(new Error("SECRET"), { code: "ENOSPC" });
  assertEquals(unusable("/f", full).message, "/f cannot be used: ENOSPC");
});
