import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "./options.ts";

Deno.test("parseOptions() has defaults, and keeps a short look out of the documentation", () => {
  assertEquals(parseOptions([]), { quick: false, peer: undefined, out: "docs", only: [] });
  assertEquals(parseOptions(["--quick"]).out, "dist/bench");
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
