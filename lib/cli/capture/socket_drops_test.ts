import { assertEquals } from "@std/assert";
import { findDrops } from "./socket_drops.ts";

const UDP = `\
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 2272: 0100007F:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26612 2 00000000d0ef4ec0 3
 2272: 0200000A:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26613 2 00000000d0ef4ec1 4776
 2273: 00000000:12B6 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26614 2 00000000d0ef4ec2 0
`;

const UDP6 = `\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 2273: 00000000000000000000000000000000:12B5 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26612 2 00000000d0ef4ec0 1
 2273: 00000000000000000000000001000000:12B5 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26612 2 00000000d0ef4ec0 2
 2273: B80D0120000000000000000000003412:12B5 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 26612 2 00000000d0ef4ec0 3
`;

Deno.test("findDrops() finds the socket of an address and port", () => {
  const cases = [["127.0.0.1", 4789, 3], ["10.0.0.2", 4789, 4776], ["0.0.0.0", 4790, 0]] as const;
  for (const [hostname, port, drops] of cases) {
    assertEquals(findDrops(UDP, { hostname, port }), drops, hostname);
  }
  const cases6 = [["::", 1], ["::1", 2], ["2001:db8::1234:0", 3], ["2001:db8:0:0:0:0:1234:0", 3]];
  for (const [hostname, drops] of cases6 as [string, number][]) {
    assertEquals(findDrops(UDP6, { hostname, port: 4789 }), drops, hostname);
  }
});

Deno.test("findDrops() takes no other socket for it, and any text", () => {
  assertEquals(findDrops(UDP, { hostname: "127.0.0.1", port: 4790 }), undefined);
  assertEquals(findDrops(UDP, { hostname: "127.0.0.2", port: 4789 }), undefined);
  assertEquals(findDrops("", { hostname: "::", port: 1 }), undefined);
});
