import { assertEquals } from "@std/assert";
import { type Burst, missedOf } from "./missed.ts";

const BURSTS: Burst[] = [[20, 1001], [40, 1003], [60, 1007]];

Deno.test("missedOf() counts what arrived in time and was not copied", () => {
  const arrived = [19, 20, 21, 30, 41, 60, 61];
  assertEquals(missedOf(BURSTS, arrived, new Set(arrived), 1000), { packets: 0, last: 0 });
  assertEquals(missedOf(BURSTS, arrived, new Set([41, 60]), 1000), { packets: 2, last: 3 });
  assertEquals(missedOf(BURSTS, arrived, new Set([21]), 1000), { packets: 3, last: 7 });
  assertEquals(missedOf([], arrived, new Set(), 1000), { packets: 0, last: 0 });
});
