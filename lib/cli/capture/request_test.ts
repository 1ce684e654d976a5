import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../errors.ts";
import { parseCapture } from "./request.ts";

Deno.test("parseCapture() knows the port of each protocol", () => {
  const cases = [
    [["--listen", "10.0.0.1"], "10.0.0.1", 4789],
    [["--listen", "10.0.0.1", "--protocol", "geneve"], "10.0.0.1", 6081],
    [["--listen", "10.0.0.1:5000", "--protocol", "geneve"], "10.0.0.1", 5000],
    [["--listen", "[::]"], "::", 4789],
    [["--listen", "[fe80::1%eth0]:5000"], "fe80::1%eth0", 5000],
  ] as const;
  for (const [args, hostname, port] of cases) {
    assertEquals(parseCapture(args).address, { hostname, port });
  }
});

Deno.test("parseCapture() reads the other options", () => {
  const line = "--listen [::1] --key 16777215 -c 3 --for 2h -s 96 -w a.pcap --format pcap";
  assertEquals(parseCapture(line.split(" ")), {
    address: { hostname: "::1", port: 4789 },
    protocol: "vxlan",
    key: 16777215,
    path: "a.pcap",
    format: "pcap",
    count: 3,
    seconds: 7200,
    snaplen: 96,
  });
});

Deno.test("parseCapture() takes the least and the most of numbers", () => {
  const read = (line: string) => {
    const { key, snaplen, seconds } = parseCapture(`--listen 10.0.0.1 ${line}`.split(" "));
    return [key, snaplen, seconds];
  };
  assertEquals(read("--key 0 --snaplen 14 --for 1"), [0, 14, 1]);
  assertEquals(read("--snaplen 262144 --for 24h"), [undefined, 262_144, 86_400]);
  const { count, snaplen, format } = parseCapture(["--listen", "10.0.0.1"]);
  assertEquals([count, snaplen, format], [Infinity, 262_144, "pcapng"]);
});

Deno.test("parseCapture() refuses what makes no sense", () => {
  const wrong = [
    "",
    "--listen ::1",
    "--listen 10.0.0.1:0",
    "--listen 10.0.0.1:65536",
    "--listen 10.0.0.1 more",
    "--listen 10.0.0.1 --key 16777216",
    "--listen 10.0.0.1 --key 0x7",
    "--listen 10.0.0.1 --count 0",
    "--listen 10.0.0.1 --snaplen 13",
    "--listen 10.0.0.1 --snaplen 262145",
    "--listen 10.0.0.1 --snaplen 1e3",
    "--listen 10.0.0.1 --for 0",
    "--listen 10.0.0.1 --for 1d",
    "--listen 10.0.0.1 --for 25h",
    "--listen 10.0.0.1 --format erf",
    "--listen 10.0.0.1 --protocol gre",
  ];
  for (const line of wrong) {
    assertThrows(() => parseCapture(line.split(" ").filter((word) => word)), CommandError);
  }
});
