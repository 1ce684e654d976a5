import { assertEquals } from "@std/assert";
import { pcap } from "./pcap.ts";

Deno.test("pcap.header() is that of a file with times in microseconds", () => {
  const hex = Array.from(pcap.header(0x40000, ""), (byte) => byte.toString(16).padStart(2, "0"));
  assertEquals(hex.join(""), "d4c3b2a102000400000000000000000000000400" + "01000000");
});

Deno.test("pcap.writeRecord() writes time, both lengths and the frame", () => {
  const frame = new Uint8Array(15).fill(0xaa);
  const bytes = new Uint8Array(pcap.recordBytes(15) + 4).fill(0xff);
  const view = new DataView(bytes.buffer);
  pcap.writeRecord(bytes, view, 2, frame, 1500, 1_767_323_045_678_901);
  const members = [2, 6, 10, 14].map((at) => view.getUint32(at, true));
  assertEquals(members, [1_767_323_045, 678_901, 15, 1500]);
  assertEquals(bytes.slice(18, -2), frame);
  assertEquals([bytes[0], bytes[1], bytes.at(-2), bytes.at(-1)], Array(4).fill(0xff));
  assertEquals(pcap.lengthAt(view, 2), 31);
});
