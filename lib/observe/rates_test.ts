import { assertEquals } from "@std/assert";
import type { Mirror } from "./model.ts";
import { RateMeter, ratesBetween } from "./rates.ts";
import { makeMirrors } from "../../tests/support/cli/show.ts";

const INTERVAL = 5;

/** The mirror "m" after it carried packets of 100 bytes each. */
function carried(packets: number): Mirror[] {
  return makeMirrors({
    br1: { mirrors: [{ name: "m", id: "m", carried: [packets, 100 * packets] }] },
  });
}

/** The rate, in packets a second, after each look at the counts. */
function rates(...looks: [at: number, packets: number][]): (number | undefined)[] {
  const meter = new RateMeter();
  return looks.map(([at, packets]) => meter.add(at, carried(packets), INTERVAL).get("m")?.packets);
}

Deno.test("RateMeter averages over two intervals of the switch", () => {
  assertEquals(
    rates([0, 0], [2, 0], [3, 500], [5, 500], [8, 1000], [10, 1000], [13, 1500], [15, 1500]),
    [undefined, undefined, undefined, undefined, undefined, undefined, 100, 100],
  );
});

Deno.test("RateMeter is not misled by looks a little too early or too late", () => {
  const [, , , last] = rates([0, 0], [0.9, 100], [5, 600], [10.1, 1100]);
  assertEquals(Math.round(last!), 109);
});

Deno.test("RateMeter counts no idle time before the packets came", () => {
  assertEquals(rates([0, 0], [100, 0], [3600, 50]).at(-1), 5);
});

Deno.test("RateMeter has no rate left once nothing was counted for two intervals", () => {
  assertEquals(rates([0, 0], [5, 50], [10, 100], [19.9, 100], [20, 100]).slice(2), [10, 10, 0]);
});

Deno.test("RateMeter begins anew when the switch does", () => {
  assertEquals(rates([0, 0], [5, 50], [10, 100], [11, 3]).at(-1), undefined);
});

Deno.test("ratesBetween() counts from zero what came after the switch's restart", () => {
  const packets = (now: number) => ratesBetween(carried(100), carried(now), 10).get("m")?.packets;
  assertEquals([packets(150), packets(50)], [5, 5]);
});

Deno.test("ratesBetween() counts from zero what was not counted at the first look", () => {
  const uncounted = makeMirrors({ br1: { mirrors: [{ name: "m", id: "m" }] } });
  assertEquals(ratesBetween(uncounted, carried(50), 10).get("m")?.packets, 5);
  for (const before of [[], uncounted]) assertEquals(ratesBetween(before, uncounted, 10).size, 0);
  assertEquals(ratesBetween([], carried(50), 10).size, 0);
});

Deno.test("RateMeter knows nothing of mirrors that the switch does not count", () => {
  const meter = new RateMeter();
  const mirrors = makeMirrors({ br1: { mirrors: [{ name: "m" }] } });
  assertEquals([...meter.add(0, mirrors, INTERVAL), ...meter.add(99, mirrors, INTERVAL)], []);
});

Deno.test("RateMeter tells bytes too", () => {
  const meter = new RateMeter();
  meter.add(0, carried(0), INTERVAL);
  assertEquals(meter.add(10, carried(20), INTERVAL).get("m"), {
    packets: 2,
    bytes: 200,
    dropped: 0,
  });
});
