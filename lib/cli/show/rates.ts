/**
 * How much mirrors carry a second.
 *
 * The switch counts every few seconds, so the only moments at which a count is known are those at
 * which it changes: rates are averages between two of them.
 *
 * @module
 */

import type { Mirror, Traffic } from "./model.ts";

/** Mirror identifiers to what they carry a second. */
export type Rates = ReadonlyMap<string, Traffic>;

/** How much earlier or later than the switch counts we may see it, in seconds. */
const SLACK = 1;

/** What a mirror had carried when we saw its count change. */
interface Count extends Traffic {
  /** In seconds. */
  at: number;
}

/** Computes rates from counts. */
export class RateMeter {
  #counts = new Map<string, readonly Count[]>();

  /**
   * Takes note of what mirrors have carried.
   *
   * @param at When, in seconds of a clock that never goes back.
   * @param mirrors The mirrors.
   * @param interval Seconds after which the switch counts.
   * @returns Averages over two intervals, of those mirrors that were followed for as long.
   */
  add(at: number, mirrors: readonly Mirror[], interval: number): Rates {
    const span = 2 * interval;
    const counts = new Map<string, readonly Count[]>();
    for (const { id, traffic } of mirrors) {
      if (traffic) counts.set(id, follow(this.#counts.get(id) ?? [], { at, ...traffic }, span));
    }
    this.#counts = counts;
    return new Map(
      Array.from(counts).flatMap(([id, known]) => {
        const rate = average(known, at, span);
        return rate ? [[id, rate]] : [];
      }),
    );
  }
}

/** Adds a count if it is a new one, and drops those that are too old to matter. */
function follow(known: readonly Count[], count: Count, span: number): readonly Count[] {
  const last = known.at(-1);
  if (last && count.packets === last.packets && count.bytes === last.bytes) return known;
  // Counts begin anew with the switch's process: what was before that tells nothing.
  if (last && count.packets < last.packets) return [count];
  const first = known.findLastIndex(({ at }) => at <= count.at - span + SLACK);
  return [...known.slice(Math.max(0, first)), count];
}

function average(known: readonly Count[], now: number, span: number): Traffic | undefined {
  const last = known.at(-1)!;
  if (now - last.at >= span) return { packets: 0, bytes: 0 };
  const first = known[0]!;
  if (first.at > last.at - span + SLACK) return undefined;
  // The first count may be much older than that, if the mirror was idle.
  const seconds = Math.min(last.at - first.at, span);
  return {
    packets: (last.packets - first.packets) / seconds,
    bytes: (last.bytes - first.bytes) / seconds,
  };
}
