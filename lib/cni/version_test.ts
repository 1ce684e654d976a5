import { assertEquals } from "@std/assert";
import { isAtLeast, isSupported, NEWEST_VERSION, SUPPORTED_VERSIONS } from "./version.ts";

Deno.test("isSupported() knows the versions that the plugins speak", () => {
  assertEquals(SUPPORTED_VERSIONS.every(isSupported), true);
  for (const version of ["0.2.0", "1.2.0", "1.0", "", "v1.0.0", 1, null, undefined, ["1.0.0"]]) {
    assertEquals(isSupported(version), false, String(version));
  }
});

Deno.test("isAtLeast() orders the versions", () => {
  assertEquals(isAtLeast("0.4.0", "0.4.0"), true);
  assertEquals(isAtLeast("1.1.0", "0.3.1"), true);
  assertEquals(isAtLeast("0.3.1", "0.4.0"), false);
});

Deno.test("NEWEST_VERSION is at least every other", () => {
  assertEquals(SUPPORTED_VERSIONS.every((other) => isAtLeast(NEWEST_VERSION, other)), true);
});
