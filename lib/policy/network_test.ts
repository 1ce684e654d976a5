import { assert, assertEquals } from "@std/assert";
import { contains, isNetwork } from "./network.ts";

Deno.test("isNetwork() takes networks and addresses of both families", () => {
  const networks = ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.1", "192.0.2.1/32", "192.0.2.128/25"]
    .concat("::/0", "::", "::1", "2001:db8::/32", "2001:DB8:0:0:0:0:0:1", "fe80::/10")
    .concat("64:ff9b::192.0.2.1", "1:2:3:4:5:6:7::", "::ffff:192.0.2.1", "2001:db8::8/125");
  for (const text of networks) assert(isNetwork(text), text);
});

Deno.test("isNetwork() refuses all else, slips among it", () => {
  const others = ["", "*", "10.*", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1"]
    .concat(
      "10.0.0.0/8/8",
      "10.0.0.0/08",
      "10.0.0.0/ 8",
      "10.0.0.0/8.0",
      "10.0.0.0/8.5",
      "10.1.2.3/8",
    )
    .concat(
      "10.0.0",
      "10.0.0.0.0",
      "256.0.0.1",
      "010.0.0.1",
      "0x0a.0.0.1",
      " 10.0.0.1",
      "1e1.0.0.1",
    )
    .concat(
      ":",
      ":::",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      "g::",
      "fe80::1%eth0",
    )
    .concat(
      "2001:db8::1/32",
      "::/129",
      "::192.0.2.1:1",
      "1.2.3.4::",
      "::1/x",
      "[::1]",
      "-1::",
      "0x1::",
    )
    .concat("1:2:3:4:5:6:7:8::", "::ffff:10.0.0.1/104", "1:", ":1", "\u0661.0.0.1");
  for (const text of others) assert(!isNetwork(text), text);
});

Deno.test("contains() compares the bits that count", () => {
  const cases: [network: string, yes: string[], no: string[]][] = [
    ["192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], [
      "192.0.3.0",
      "192.0.1.255",
    ]],
    ["192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127"]],
    ["192.0.2.1", ["192.0.2.1"], ["192.0.2.2"]],
    ["10.64.0.0/10", ["10.64.0.0", "10.127.255.255"], ["10.63.255.255", "10.128.0.0"]],
    ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]],
    ["::/0", ["::", "2001:db8::1"], ["10.0.0.1"]],
    ["2001:db8::/32", ["2001:db8::", "2001:DB8:ffff::1"], ["2001:db9::", "32.1.13.184"]],
    ["2001:db8::8/125", ["2001:db8::f"], ["2001:db8::7", "2001:db8::10"]],
    ["::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2"]],
  ];
  for (const [network, yes, no] of cases) {
    for (const address of yes) assert(contains(network, address), `${network} ${address}`);
    for (const address of no) assert(!contains(network, address), `${network} ${address}`);
  }
});

Deno.test("contains() has no place for what is no address, or no network", () => {
  for (
    const address of ["", "collector", "10.0.0.0/8", "10.0.0.1%eth0", "010.0.0.1", "10.0.0.1 "]
  ) {
    assertEquals(contains("0.0.0.0/0", address), false, address);
    assertEquals(contains("nowhere", address), false, address);
  }
  assertEquals(contains("10.1.2.3/8", "10.1.2.3"), false);
});
