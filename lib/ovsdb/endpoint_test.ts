import { assertEquals, assertThrows } from "@std/assert";
import { formatEndpoint, parseEndpoint } from "./endpoint.ts";

Deno.test("parseEndpoint() reads paths of unix sockets", () => {
  const endpoint = { transport: "unix", path: "/var/run/openvswitch/db.sock" };
  assertEquals(parseEndpoint("unix:/var/run/openvswitch/db.sock"), endpoint);
  assertEquals(parseEndpoint("/var/run/openvswitch/db.sock"), endpoint);
});

Deno.test("parseEndpoint() reads TCP addresses", () => {
  const tcp = (hostname: string, port: number) => ({ transport: "tcp", hostname, port });
  assertEquals(parseEndpoint("tcp:127.0.0.1:6640"), tcp("127.0.0.1", 6640));
  assertEquals(parseEndpoint("tcp:db.example:1"), tcp("db.example", 1));
  assertEquals(parseEndpoint("tcp:[::1]:65535"), tcp("::1", 65535));
});

Deno.test("parseEndpoint() reads a link-local address with its interface", () => {
  const endpoint = { transport: "tcp", hostname: "fe80::1%eth0", port: 6640 };
  assertEquals(parseEndpoint("tcp:[fe80::1%eth0]:6640"), endpoint);
});

Deno.test("parseEndpoint() says that ssl is not supported", () => {
  assertThrows(() => parseEndpoint("ssl:127.0.0.1:6640"), TypeError, "ssl is not supported");
});

Deno.test("parseEndpoint() refuses paths that are not absolute", () => {
  for (const path of ["", "db.sock", "unix:", "unix:db.sock", "unix:/a\0b", " /a", "tcp"]) {
    assertThrows(() => parseEndpoint(path), TypeError, "absolute path");
  }
});

Deno.test("parseEndpoint() takes paths of 107 bytes, as Linux does", () => {
  const path = `/${"é".repeat(53)}`;
  assertEquals(parseEndpoint(path), { transport: "unix", path });
  assertThrows(() => parseEndpoint(`${path}x`), TypeError, "107 bytes");
});

Deno.test("parseEndpoint() refuses TCP addresses without a host or a port", () => {
  const hosts = ["", ":6640", "host", "host:", "host:0", "host:65536", "host:6640x", "::1:6640"];
  for (const address of [...hosts, "[::1]", "[]:6640", "a b:6640", "host:-1", "host:1.5"]) {
    assertThrows(() => parseEndpoint(`tcp:${address}`), TypeError, "tcp:HOST:PORT");
  }
});

Deno.test("formatEndpoint() writes an IPv6 host in brackets", () => {
  assertEquals(formatEndpoint({ transport: "tcp", hostname: "::1", port: 1 }), "tcp:[::1]:1");
  assertEquals(formatEndpoint({ transport: "tcp", hostname: "h", port: 1 }), "tcp:h:1");
  assertEquals(formatEndpoint({ transport: "unix", path: "/a" }), "unix:/a");
});
