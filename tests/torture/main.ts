/**
 * Puts the plugins through all that should not make them lose anything, and reports what was
 * tried and what was lost. The environment's `SEED` says which of all cases are tried, `STEPS` how many
 * random steps the executables take; arguments name the kinds, all unless given.
 *
 * @module
 */

import { type Kind, ON_A_DATABASE, PURE } from "./kinds.ts";
import { lacks } from "../support/run/lacks.ts";
import { Random } from "./random.ts";
import { type Line, table } from "./report.ts";
import { Tally } from "./tally.ts";

/** Seconds between two lines about the same kind. */
const PATIENCE = 15;

/** Losses of one kind that are shown; the others are counted. */
const SHOWN = 10;

const seed = Deno.env.get("SEED") || "1";
console.log(`seed ${seed}`);
const started = performance.now();
const isAsked = ({ name, needs }: Kind) =>
  (Deno.args.length === 0 || Deno.args.includes(name)) && !(needs && lacks(needs));
const lines = await Promise.all(
  [[PURE], ON_A_DATABASE].map((kinds) => apply(kinds.filter(isAsked))),
);
console.log(`\n${table(lines.flat().toReversed())}`);
const minutes = (performance.now() - started) / 60_000;
const losses = lines.flat().flatMap(({ tally }) => tally.losses);
console.log(`\nseed ${seed}, ${minutes.toFixed(1)} minutes, ${losses.length} losses`);
Deno.exit(losses.length === 0 ? 0 : 1);

async function apply(kinds: readonly Kind[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const kind of kinds) lines.push(await applyOne(kind));
  return lines;
}

async function applyOne({ name, run, isOfFaults }: Kind): Promise<Line> {
  const tally = new Tally();
  const start = performance.now();
  console.log(`${name} …`);
  const timer = setInterval(() => console.log(`${name}: ${tally.cases} so far`), PATIENCE * 1000);
  try {
    await run(tally, new Random(`${seed} ${name}`));
    tally.require(tally.cases > 0, () => "nothing was tried");
    tally.require(!isOfFaults || tally.faults > 0, () => "no fault struck");
  } catch (error) {
    tally.losses.push(
      `it did not come to its end: ${error instanceof Error ? error.stack : error}`,
    );
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${name}: ${tally.cases} cases, ${tally.losses.length} losses, ${seconds.toFixed(0)} s`,
  );
  for (const loss of tally.losses.slice(0, SHOWN)) console.log(`  LOST: ${loss}`);
  return { name, tally, seconds };
}
