import { assertEquals } from "@std/assert";
import { makeMirrors } from "../../tests/support/cli/show.ts";
import { NO_INTEREST, sourcesOf } from "./words.ts";

Deno.test("sourcesOf() lists sources that are down before others, where there are many", () => {
  const up = Array.from("abcdefghi");
  const ports = [...up, { name: "z", interfaces: [{ link_state: "down" }] }];
  const mirrors = [{ name: "m", src: [...up, "z"] }];
  const [mirror] = makeMirrors({ br1: { ports, mirrors } });
  const names = sourcesOf(mirror!, NO_INTEREST).map(({ name }) => name);
  assertEquals(names, ["z", "a", "b", "c", "d", "e", "f", "g", "and 2 more"]);
});
