import { assertEquals } from "@std/assert";
import { decodeFrame, type Frame, parseFrame } from "./frame.ts";

const TAG = "8100 0064";
const ARP_REQUEST = "0806 0001 0800 0604 0001";
const ECHO_REQUEST = "0800 4500 0054 0000 4000 4001 0000 0a010001 0a010009 0800 0000 0007 0003";
const ECHO_REPLY =
  "0800 4600 0058 0000 4000 4001 0000 0a010009 0a010001 01010100 0000 0000 0007 0003";
const UNREACHABLE = "0800 4500 0054 0000 4000 4001 0000 0a010009 0a010001 0301 0000 0000 0000";
const UDP = "0800 4500 0054 0000 4000 4011 0000 0a010009 0a010001 0035 0035 0000 0000";

const TCP =
  "0800 4500 0028 0000 4000 4006 0000 0a010001 0a010009 9c40 01bb 0000 0000 0000 0000 5010";
const TCP6 = "86dd 6000 0000 0014 0640 fd010002000300040005000600070001 " +
  "fd010002000300040005000600070009 9c40 01bb 0000 0000 0000 0000 5010";

const request: Frame = { protocol: "ICMP", echo: "10.1.0.1 > 10.1.0.9 request 3" };
const reply: Frame = { protocol: "ICMP", echo: "10.1.0.9 > 10.1.0.1 reply 3" };

Deno.test("decodeFrame() reads frames with and without a VLAN tag", () => {
  const cases: [hex: string, frame: Frame][] = [
    [ECHO_REQUEST, request],
    [ECHO_REPLY, reply],
    [UNREACHABLE, { protocol: "ICMP" }],
    [ARP_REQUEST, { protocol: "ARP" }],
    [UDP, { protocol: "type 0800" }],
    ["86dd 6000", { protocol: "type 86dd" }],
  ];
  for (const [hex, frame] of cases) {
    assertEquals(decodeFrame(ethernet(hex)), frame, hex);
    assertEquals(decodeFrame(ethernet(TAG + hex)), frame, hex);
  }
});

Deno.test("decodeFrame() reads TCP of both versions of IP", () => {
  const segment = (from: string, to: string, bytes: number): Frame => (
    { protocol: "TCP", segment: `${from}.40000 > ${to}.443 in ${bytes} bytes` }
  );
  assertEquals(decodeFrame(ethernet(TCP)), segment("10.1.0.1", "10.1.0.9", 48));
  const ends = ["fd01:2:3:4:5:6:7:1", "fd01:2:3:4:5:6:7:9"] as const;
  assertEquals(decodeFrame(ethernet(TCP6)), segment(...ends, 68));
});

Deno.test("parseFrame() reads TCP of both versions of IP, whole and truncated", () => {
  const segment = "10.1.0.1.40000 > 10.1.0.9.443 in 128 bytes";
  const head = "02:00:00:00:00:0a > 02:00:00:00:00:09, ethertype IPv4 (0x0800), length 128: ";
  const ipv4 = "10.1.0.1.40000 > 10.1.0.9.443: Flags [.], ack 1, win 0, length 74";
  assertEquals(parseFrame(head + ipv4).segment, segment);
  const truncated = `${head}truncated-ip - 1386 bytes missing! ${ipv4}`;
  assertEquals(parseFrame(truncated).segment, segment);
  const ipv6 = `${head}truncated-ip6 - 1386 bytes missing!fd01::1.443 > fd01::9.4: Flags [.]`;
  assertEquals(parseFrame(ipv6).segment, "fd01::1.443 > fd01::9.4 in 128 bytes");
});

Deno.test("parseFrame() reads what tcpdump prints", () => {
  const head = "02:00:00:00:00:01 > 02:00:00:00:00:09, ethertype 802.1Q (0x8100), length 102: " +
    "vlan 100, p 0, ethertype IPv4 (0x0800), ";
  const cases: [line: string, frame: Frame][] = [
    [head + "10.1.0.1 > 10.1.0.9: ICMP echo request, id 7, seq 3, length 64", request],
    [head + "10.1.0.9 > 10.1.0.1: ICMP echo reply, id 7, seq 3, length 64", reply],
    [head + "10.1.0.9 > 10.1.0.1: ICMP host 10.1.0.1 unreachable", { protocol: "ICMP" }],
    ["ethertype ARP (0x0806), length 42: Request who-has 10.1.0.9", { protocol: "ARP" }],
    ["1.25 > ethertype ARP (0x0806)", { protocol: "ARP", time: 1250 }],
    ["something else", { protocol: "something else" }],
  ];
  for (const [line, frame] of cases) assertEquals(parseFrame(line), frame);
});

/** A frame between two addresses, from its EtherType on in hexadecimal. */
function ethernet(hex: string): Uint8Array {
  return Uint8Array.fromHex("020000000009020000000001" + hex.replaceAll(" ", ""));
}
