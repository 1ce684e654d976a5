import { assertEquals } from "@std/assert";
import type { Format } from "./file_format.ts";
import { Output } from "./output.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";
import type { Sink } from "./sink.ts";

const FRAME = new Uint8Array(1000).fill(0xaa);
const NOTHING = { received: 0, dropped: 0, time: 0 };

/** Holds what is written, up to its capacity, and writes only when it is let. */
class Memory implements Sink {
  size = 0;
  release = () => {};
  gate: Promise<void> = Promise.resolve();

  constructor(readonly capacity = Infinity) {}

  hold(): void {
    ({ promise: this.gate, resolve: this.release } = Promise.withResolvers<void>());
  }

  async write(bytes: Uint8Array) {
    await this.gate;
    const done = Math.min(bytes.length, this.capacity - this.size);
    this.size += done;
    return done < bytes.length ? { done, error: new Error("full") } : { done };
  }

  cutOff(count: number): Promise<void> {
    this.size -= count;
    return Promise.resolve();
  }
}

function begin(sink: Sink, format: Format, onFailure = () => {}) {
  const header = format.header(65535, "");
  return { output: new Output(sink, format, header, onFailure), header };
}

for (const [name, format] of Object.entries({ pcap, pcapng })) {
  const statistics = format.statistics?.(NOTHING).length ?? 0;

  Deno.test(`Output writes ${name}: each packet once, and what is left at the end`, async () => {
    const sink = new Memory();
    const { output, header } = begin(sink, format);
    for (let index = 0; index < 1000; index++) output.add(FRAME, 1500, index);
    await output.finish(NOTHING);
    assertEquals(output.written, 1000);
    assertEquals(sink.size, header.length + 1000 * format.recordBytes(1000) + statistics);
  });

  Deno.test(`Output ends ${name} behind the last whole packet when a disk is full`, async () => {
    const record = format.recordBytes(1000);
    const { length } = format.header(65535, "");
    const cases = [[0, 0, 0], [length - 1, 0, 0], [length, 0, length], [length + 1, 0, length]];
    for (const packets of [1, 7, 300]) {
      const whole = length + packets * record;
      cases.push([whole - 1, packets - 1, whole - record]);
      cases.push([whole, packets, whole], [whole + 1, packets, whole]);
    }
    for (const [capacity, written, size] of cases) {
      const sink = new Memory(capacity);
      let failures = 0;
      const { output } = begin(sink, format, () => failures++);
      for (let index = 0; index < 600; index++) output.add(FRAME, 1500, index);
      await output.finish(NOTHING);
      assertEquals([output.written, sink.size], [written, size], `${capacity} bytes`);
      assertEquals([failures, (output.failure as Error).message], [1, "full"]);
    }
  });
}

Deno.test("Output drops what comes while its reader is slow and there is no room", async () => {
  const sink = new Memory();
  sink.hold();
  const { output } = begin(sink, pcapng);
  let kept = 0;
  while (output.add(FRAME, 1000, 0)) kept++;
  assertEquals(Math.floor(16 * 2 ** 20 / pcapng.recordBytes(1000)), kept);
  assertEquals(output.add(FRAME, 1000, 0), false);
  sink.release();
  await output.finish(NOTHING);
  assertEquals(output.written, kept);
});

Deno.test("Output notes counts only while nothing else is written", async () => {
  const sink = new Memory();
  const { output, header } = begin(sink, pcapng);
  // The header is on its way.
  output.note(NOTHING);
  await output.finish(NOTHING);
  const { length } = pcapng.statistics!(NOTHING);
  output.note(NOTHING);
  await output.finish(NOTHING);
  assertEquals(sink.size, header.length + 3 * length);
  output.add(FRAME, 1000, 0);
  output.note(NOTHING);
  await output.finish(NOTHING);
  assertEquals(sink.size, header.length + 4 * length + pcapng.recordBytes(1000));
});
