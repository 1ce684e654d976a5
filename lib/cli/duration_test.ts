import { assertEquals, assertThrows } from "@std/assert";
import { parseDuration } from "./duration.ts";
import { CommandError } from "./errors.ts";

Deno.test("parseDuration() reads seconds, minutes and hours within bounds", () => {
  const read = (text: string) => parseDuration("for", text, 86_400);
  const taken = ["1", "90s", "10m", "2h", "24h", "86400"].map(read);
  assertEquals(taken, [1, 90, 600, 7200, 86_400, 86_400]);
  for (const text of ["0", "99999", "86401", "25h", "1d", "-1", "1.5h", "", "s"]) {
    const message =
      `option --for can't be "${text}"; use a time such as 90s, 10m or 2h, at most 24h`;
    assertThrows(() => read(text), CommandError, message);
  }
});
