import { assertEquals } from "@std/assert";
import { makeReport } from "../../tests/support/cli/show.ts";
import { hasProblem } from "./report.ts";

Deno.test("hasProblem() is about the switch too, where no mirror is ours", () => {
  const mirrors = { br1: { mirrors: [{ name: "span", owner: null }] } };
  for (const state of ["running", "unknown"] as const) {
    assertEquals(hasProblem(makeReport(mirrors, state)), false, state);
  }
  for (const state of ["not running", "not answering"] as const) {
    assertEquals(hasProblem(makeReport(mirrors, state)), true, state);
  }
});
