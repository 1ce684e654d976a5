import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "./errors.ts";
import { formatAddress, parseAddress } from "./listen.ts";

const TAKEN: [given: string, usual: number | undefined, hostname: string, port: number][] = [
  ["10.0.0.1:9476", undefined, "10.0.0.1", 9476],
  ["10.0.0.1:9476", 4789, "10.0.0.1", 9476],
  ["10.0.0.1", 4789, "10.0.0.1", 4789],
  ["localhost", 4789, "localhost", 4789],
  ["[::]:9476", undefined, "::", 9476],
  ["[::1]", 4789, "::1", 4789],
  ["::1:9476", undefined, "::1", 9476],
  [":::9476", undefined, "::", 9476],
  ["fd00::1:80", undefined, "fd00::1", 80],
  ["fd00:0:0:0:0:0:10.0.0.1:80", undefined, "fd00:0:0:0:0:0:10.0.0.1", 80],
];

for (const [given, usual, hostname, port] of TAKEN) {
  Deno.test(`parseAddress() takes ${given}, usually ${usual}`, () => {
    assertEquals(parseAddress(given, usual), { hostname, port });
    assertEquals(parseAddress(formatAddress({ hostname, port })), { hostname, port });
  });
}

Deno.test("parseAddress() tells how to write what it can't read", () => {
  const wrong: [given: string, usual?: number][] = [
    ["10.0.0.1"],
    ["[::1]"],
    ["::1", 4789],
    ["10.0.0.1:0"],
    ["10.0.0.1:65536", 4789],
    ["", 4789],
  ];
  for (const [given, usual] of wrong) {
    const how = usual ? "ADDRESS or ADDRESS:PORT" : "ADDRESS:PORT";
    const message =
      `option --listen can't be "${given}"; use ${how}, with an IPv6 address in brackets`;
    assertEquals(assertThrows(() => parseAddress(given, usual), CommandError).message, message);
  }
});

Deno.test("formatAddress() puts brackets around an address of IPv6", () => {
  assertEquals(formatAddress({ hostname: "::1", port: 80 }), "[::1]:80");
  assertEquals(formatAddress({ hostname: "10.0.0.1", port: 80 }), "10.0.0.1:80");
});
