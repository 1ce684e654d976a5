import { assertEquals } from "@std/assert";
import { isSameNetns, spellingsOf } from "./netns.ts";

Deno.test("spellingsOf() knows that /var/run is /run", () => {
  assertEquals(spellingsOf("/var/run/netns/x"), ["/var/run/netns/x", "/run/netns/x"]);
  assertEquals(spellingsOf("/run/netns/x"), ["/run/netns/x", "/var/run/netns/x"]);
  assertEquals(spellingsOf("/proc/1/ns/net"), ["/proc/1/ns/net"]);
  assertEquals(spellingsOf(""), []);
});

Deno.test("isSameNetns() compares paths in either spelling", () => {
  assertEquals(isSameNetns("/run/netns/x", "/var/run/netns/x"), true);
  assertEquals(isSameNetns("/var/run/netns/x", "/run/netns/x"), true);
  assertEquals(isSameNetns("/run/netns/x", "/run/netns/y"), false);
  assertEquals(isSameNetns("/proc/1/ns/net", "/proc/1/ns/net"), true);
  assertEquals(isSameNetns("", "/run/netns/x"), false);
  assertEquals(isSameNetns("", ""), false);
});
