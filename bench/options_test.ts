import { assertEquals, assertThrows } from "@std/assert";
import { destination, parseOptions, UsageError } from "./options.ts";

Deno.test("parseOptions() has defaults", () => {
  assertEquals(parseOptions([]), { quick: false, peer: undefined, out: undefined, only: [] });
});

Deno.test("parseOptions() reads all options", () => {
  const args = [
    "--quick",
    "--peer",
    "/opt/cni/bin",
    "--out=x",
    "--only",
    "ports",
    "--only",
    "calls",
  ];
  const expected = { quick: true, peer: "/opt/cni/bin", out: "x", only: ["ports", "calls"] };
  assertEquals(parseOptions(args), expected);
});

Deno.test("parseOptions() refuses what it does not know", () => {
  for (const arg of ["--nonsense", "nonsense", "-x"]) {
    assertThrows(() => parseOptions([arg]), UsageError, arg);
  }
});

Deno.test("destination() is the documentation only for all of it, on a quiet machine", () => {
  assertEquals(destination(parseOptions([]), true), "bench/results");
  assertEquals(destination(parseOptions([]), false), "dist/bench");
  for (const args of [["--quick"], ["--only", "ports"]]) {
    assertEquals(destination(parseOptions(args), true), "dist/bench");
  }
  for (const isQuiet of [true, false]) {
    assertEquals(destination(parseOptions(["--out", "x"]), isQuiet), "x");
  }
});
