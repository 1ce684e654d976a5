/**
 * Whether the machine was quiet enough for what was measured on it.
 *
 * @module
 */

import { spread } from "./statistics.ts";
import type { Row } from "./summary.ts";

/**
 * Compares the noise with what is measured: how far apart the quartiles of the floor's wall time
 * are, and how much longer a call takes than the floor. All rows of a part take turns, so noise
 * hits them alike, and the part is judged by its middle row.
 *
 * @param rows The rows of one part.
 * @returns What is wrong, as shares of the floor; nothing if the machine was quiet, or if the
 * clock was not read.
 */
export function noiseOf(rows: readonly Row[]): string | undefined {
  const ours = rows.filter(({ contestant, figures }) => contestant === "ours" && figures.wall);
  if (ours.length === 0) return undefined;
  const { median: noise } = spread(
    ours.map(({ figures: { wall } }) => (wall!.floor.high - wall!.floor.low) / wall!.floor.median),
  );
  const { median: excess } = spread(ours.map(({ figures: { wall } }) => wall!.ratio!.median - 1));
  if (noise <= excess) return undefined;
  return `the floor's quartiles are ${percent(noise)} apart, and a call takes ` +
    `${percent(excess)} longer than the floor`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
