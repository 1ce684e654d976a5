import { assertEquals } from "@std/assert";
import { formatBytes, formatRate } from "./units.ts";

Deno.test("formatBytes() has at most three digits before the unit", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [99_949, "99.9 kB"],
    [99_950, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [2e9, "2.0 GB"],
    [1.5e12, "1.5 TB"],
    [12e15, "12.0 PB"],
    [9e18, "9.0 EB"],
    [5e21, "5000 EB"],
    [12.5, "13 B"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("formatRate() has a digit more for small rates", () => {
  const cases: [number, string][] = [[0, "0"], [0.25, "0.3"], [9.94, "9.9"], [9.95, "10"], [
    1234.5,
    "1235",
  ]];
  for (const [rate, text] of cases) assertEquals(formatRate(rate), text);
});
