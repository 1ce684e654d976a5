import { assertEquals } from "@std/assert";
import { frameStart, keyOf } from "./encapsulation.ts";

const FRAME_BYTES = 14;

/** A datagram with this header and the shortest frame. */
function datagram(...header: number[]): Uint8Array {
  return new Uint8Array([...header, ...Array(FRAME_BYTES).fill(0xaa)]);
}

const VXLAN = [0x08, 0, 0, 0, 0x12, 0x34, 0x56, 0];
const GENEVE = [0, 0, 0x65, 0x58, 0x12, 0x34, 0x56, 0];

Deno.test("frameStart() skips VXLAN's header, whatever its reserved bits are", () => {
  assertEquals(frameStart("vxlan", datagram(...VXLAN)), 8);
  assertEquals(frameStart("vxlan", datagram(0xff, 1, 2, 3, 0, 0, 7, 0xff)), 8);
});

Deno.test("frameStart() skips Geneve's header with its options, also critical ones", () => {
  assertEquals(frameStart("geneve", datagram(...GENEVE)), 8);
  assertEquals(frameStart("geneve", datagram(2, 0x40, 0x65, 0x58, 0, 0, 7, 0, ...Array(8))), 16);
  const most = datagram(0x3f, 0, 0x65, 0x58, 0, 0, 7, 0, ...Array(252));
  assertEquals(frameStart("geneve", most), 260);
});

Deno.test("frameStart() takes nothing for a frame that is none", () => {
  assertEquals(frameStart("vxlan", datagram(0, 0, 0, 0, 0, 0, 7, 0)), "foreign");
  const others = [
    [0x40, 0, 0x65, 0x58], // another version
    [0, 0x80, 0x65, 0x58], // control
    [0, 0, 0x08, 0x00], // IPv4 without Ethernet
  ];
  for (const start of others) {
    assertEquals(frameStart("geneve", datagram(...start, 0, 0, 7, 0)), "foreign", `${start}`);
  }
});

Deno.test("frameStart() tells what ends too early", () => {
  const whole = { vxlan: datagram(...VXLAN), geneve: datagram(1, ...GENEVE.slice(1), 0, 0, 0, 0) };
  for (const protocol of ["vxlan", "geneve"] as const) {
    for (let length = 0; length < whole[protocol].length; length++) {
      assertEquals(frameStart(protocol, whole[protocol].subarray(0, length)), "cut", `${length}`);
    }
  }
});

Deno.test("keyOf() reads the key of either protocol", () => {
  assertEquals(keyOf(datagram(...VXLAN)), 0x123456);
  assertEquals(keyOf(datagram(...GENEVE)), 0x123456);
  assertEquals(keyOf(datagram(8, 0, 0, 0, 0xff, 0xff, 0xff, 0)), 0xffffff);
});
