import { assertEquals } from "@std/assert";
import { pcapng } from "./pcapng.ts";

/** The 32-bit words of a text. */
function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index, true));
}

/** In microseconds, which take more than 32 bits. */
const TIME = Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000 + 901;

Deno.test("pcapng.header() has a section and an interface, which says where packets come from", () => {
  const bytes = pcapng.header(65535, "abcde");
  assertEquals(words(bytes), [
    ...[0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28],
    ...[1, 36, 1, 65535, 2 | 5 << 16, 0x64636261, 0x65, 0, 36],
  ]);
});

Deno.test("pcapng.writeRecord() writes a block of whole words, and zeros what it does not use", () => {
  for (const length of [14, 15, 16, 17]) {
    const size = pcapng.recordBytes(length);
    const bytes = new Uint8Array(size + 8).fill(0xff);
    const view = new DataView(bytes.buffer);
    const frame = new Uint8Array(length).fill(0xaa);
    pcapng.writeRecord(bytes, view, 4, frame, 1500, TIME);
    assertEquals(size % 4, 0);
    assertEquals(pcapng.lengthAt(view, 4), size);
    const block = words(bytes.slice(4, 4 + size));
    assertEquals(block.slice(0, 3), [6, size, 0]);
    assertEquals(block[3]! * 2 ** 32 + block[4]!, TIME);
    assertEquals(block.slice(5, 7), [length, 1500]);
    assertEquals(block.at(-1), size);
    const body = bytes.slice(4 + 28, 4 + size - 4);
    assertEquals(body, new Uint8Array(body.length).fill(0xaa, 0, length));
    assertEquals([bytes.slice(0, 4), bytes.slice(-4)], Array(2).fill(new Uint8Array(4).fill(0xff)));
  }
});

Deno.test("pcapng.statistics() has counts of 64 bits", () => {
  const received = 5 * 2 ** 32 + 7;
  const block = words(pcapng.statistics!({ received, dropped: 3, time: TIME }));
  assertEquals(block.slice(0, 3), [5, 52, 0]);
  assertEquals(block[3]! * 2 ** 32 + block[4]!, TIME);
  assertEquals(block.slice(5), [4 | 8 << 16, 7, 5, 5 | 8 << 16, 3, 0, 0, 52]);
});
