import { assert, assertEquals } from "@std/assert";
import { follow } from "./watch.ts";

/** Milliseconds after which a test that sees too little is over; at a tenth of the pace it does. */
const PATIENCE = 7_500;

/** Follows something for a number of looks; returns the milliseconds that they took. */
async function take(looks: number, interval: number, isBusy: boolean): Promise<number> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), PATIENCE);
  const follower = {
    version: 0,
    changed(): Promise<number> {
      return isBusy ? Promise.resolve(++this.version) : new Promise(() => {});
    },
  };
  let seen = 0;
  const started = performance.now();
  await follow(follower, interval, end.signal, () => {
    if (++seen === looks) end.abort();
    return Promise.resolve();
  });
  clearTimeout(timer);
  assertEquals(seen, looks);
  return performance.now() - started;
}

Deno.test("follow() looks five times a second at most, however much changes", async () => {
  const taken = await take(5, 60_000, true);
  assert(taken >= 4 * 190, `${taken} ms`);
});

Deno.test("follow() looks again when the interval is over and nothing changed", async () => {
  const taken = await take(3, 450, false);
  assert(taken >= 2 * 440 && taken < PATIENCE, `${taken} ms`);
});
