import { assertEquals } from "@std/assert";
import { type Row, stringMap } from "../ovsdb/value.ts";
import { makeTables, type MirrorSpec } from "../../tests/support/cli/show.ts";
import { byHandOf, hasEnded } from "./by_hand.ts";

const PREFIX = "ovs-mirror-hand-";

function row(value: string): Row {
  return { name: "m", external_ids: stringMap({ [`${PREFIX}p`]: value }) };
}

Deno.test("byHandOf() tells sources from outputs, and until when", () => {
  const of = (value: string, end: "source" | "output") =>
    byHandOf([["r", row(value)]], end).get("p");
  assertEquals(of("select_dst_port until=1700000000", "source"), {
    until: "2023-11-14T22:13:20.000Z",
  });
  assertEquals(of("select_dst_port", "output"), undefined);
  assertEquals(of("output_port internal", "output"), {});
  assertEquals(of("output_port until=9e99", "output"), {});
  assertEquals(byHandOf([["r", { name: "m" }]], "source").size, 0);
});

Deno.test("hasEnded() sees what is over, and what is of no use any more", () => {
  const ended = (value: string, ports: string[] = ["p"]) =>
    hasEnded(
      makeTables({
        br1: {
          ports,
          mirrors: [{ name: "m", columns: { external_ids: row(value).external_ids! } }],
        },
      }),
      1_700_000_000_000,
    );
  assertEquals(hasEnded(new Map(), 0), false);
  assertEquals(ended("select_dst_port"), false);
  assertEquals(ended("select_dst_port", []), true);
  assertEquals(ended("select_dst_port until=1700000001"), false);
  assertEquals(ended("select_dst_port until=1700000000"), true);
  const marks = { "ovs-mirror-hand": "internal", "ovs-mirror-hand-since": "1000" };
  const stray = (now: number, mirror: Partial<MirrorSpec> = {}) =>
    hasEnded(
      makeTables({
        br1: { ports: ["a", { name: "cap0", marks }], mirrors: [{ name: "m", ...mirror }] },
      }),
      now,
    );
  assertEquals([stray(61_000), stray(61_001)], [false, true]);
  assertEquals(stray(61_001, { out: "cap0" }), true);
  assertEquals(stray(61_001, { out: "a", src: ["cap0"] }), true);
  for (const ends of [{ src: ["a"] }, { dst: ["a"] }, { columns: { select_all: true } }]) {
    assertEquals(stray(61_001, { out: "cap0", ...ends }), false);
  }
});
