import { assertEquals } from "@std/assert";
import { stringMap } from "../ovsdb/value.ts";
import { makeMirrors } from "../../tests/support/cli/show.ts";
import { NO_INTEREST, outputsOf, sourcesOf } from "./words.ts";

Deno.test("sourcesOf() lists sources that are down before others, where there are many", () => {
  const list = (up: string) => {
    const ports = [...up, { name: "z", interfaces: [{ link_state: "down" }] }];
    const [mirror] = makeMirrors({ br1: { ports, mirrors: [{ name: "m", src: [...up, "z"] }] } });
    return sourcesOf(mirror!, NO_INTEREST).map(({ name }) => name).join(" ");
  };
  assertEquals(list("abcdefg"), "a b c d e f g z");
  assertEquals(list("abcdefgh"), "z a b c d e f g and 1 more");
});

Deno.test("what is attached by hand is told with its end", () => {
  const soon = new Date(new Date().setUTCHours(14, 5, 0, 0)).getTime() / 1000;
  const notes = [
    `select_src_port until=${soon}`,
    "select_src_port until=4000000000",
    "output_port",
  ];
  const hands = ["a", "b", "q"].map((port, index) => [`ovs-mirror-hand-${port}`, notes[index]!]);
  const columns = { external_ids: stringMap(Object.fromEntries(hands)) };
  const mirrors = [{ name: "m", src: ["a", "b", "c"], out: "q", columns }];
  const [mirror] = makeMirrors({ br1: { ports: ["a", "b", "c", "q"], mirrors } });
  assertEquals(
    [...sourcesOf(mirror!, NO_INTEREST), ...outputsOf(mirror!)].map(({ notes }) => notes),
    [["by hand, until 14:05 UTC"], ["by hand, until 2096-10-02 07:06 UTC"], [], ["by hand"]],
  );
});
