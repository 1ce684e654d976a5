/**
 * Rates of mirrors: packets and bytes a second.
 *
 * The switch counts every few seconds, so the only moments at which a count is known are those at
 * which it changes: rates are averages between two of them.
 *
 * @module
 */

import type { Mirror, MirrorRow, Rate } from "./model.ts";

/** Identifiers of mirrors' rows to what they carry a second. */
export type Rates = ReadonlyMap<string, Rate>;

/** Seconds by which we may see a count earlier or later than the switch writes it. */
const SLACK = 1;

/** Totals of a row at the moment when its count changed. */
interface Count extends Rate {
  /** In seconds. */
  at: number;
}

/**
 * Computes what was carried between two looks. What the switch had not counted at the first look
 * has carried all that it has since.
 *
 * @param before The mirrors at the first look.
 * @param after The mirrors at the second.
 * @param seconds The time between, which the switch must have counted in.
 * @returns Averages of those rows that were there both times.
 */
export function ratesBetween(
  before: readonly Mirror[],
  after: readonly Mirror[],
  seconds: number,
): Rates {
  const first = new Map(
    before.flatMap(({ rows }) => rows.map((row) => [row.id, countOf(row, 0)])),
  );
  return new Map(
    countsOf(after, seconds).flatMap(([id, last]) => {
      const count = first.get(id);
      return count ? [[id, difference(restarted(count, last) ? ZERO : count, last, seconds)]] : [];
    }),
  );
}

/**
 * Adds rates to mirrors.
 *
 * @param rates What their rows carry a second.
 * @returns The mirrors, with the rates that are known.
 */
export function withRates(mirrors: readonly Mirror[], rates: Rates): Mirror[] {
  return mirrors.map((mirror) => ({
    ...mirror,
    rows: mirror.rows.map((row) => ({ ...row, rate: rates.get(row.id) })),
  }));
}

const NOTHING = { packets: 0, bytes: 0 };
const ZERO: Count = { at: 0, ...NOTHING, dropped: 0 };

function countsOf(mirrors: readonly Mirror[], at: number): [string, Count][] {
  return mirrors.flatMap(({ rows }) =>
    rows.filter(({ traffic }) => traffic).map((row) =>
      [row.id, countOf(row, at)] as [string, Count]
    )
  );
}

/** Reads a row's count; one that the switch has not written yet is zero. */
function countOf({ traffic = NOTHING, output }: MirrorRow, at: number): Count {
  const { packets, bytes } = traffic;
  return { at, packets, bytes, dropped: output?.kind === "port" ? output.dropped ?? 0 : 0 };
}

/** Counts begin anew with the switch's process. */
function restarted(before: Count, after: Count): boolean {
  return after.packets < before.packets || after.dropped < before.dropped;
}

function difference(first: Count, last: Count, seconds: number): Rate {
  return {
    packets: (last.packets - first.packets) / seconds,
    bytes: (last.bytes - first.bytes) / seconds,
    dropped: (last.dropped - first.dropped) / seconds,
  };
}

/** Computes rates from counts. */
export class RateMeter {
  #counts = new Map<string, readonly Count[]>();

  /**
   * Takes note of what mirrors have carried and dropped.
   *
   * @param at When, in seconds of a clock that never goes back.
   * @param interval Seconds after which the switch counts.
   * @returns Averages over two intervals, of those rows that were followed for as long.
   */
  add(at: number, mirrors: readonly Mirror[], interval: number): Rates {
    const span = 2 * interval;
    const counts = new Map<string, readonly Count[]>();
    for (const [id, count] of countsOf(mirrors, at)) {
      counts.set(id, follow(this.#counts.get(id) ?? [], count, span));
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
  if (last && isSame(count, last)) return known;
  // What was before a restart tells nothing.
  if (last && restarted(last, count)) return [count];
  const first = known.findLastIndex(({ at }) => at <= count.at - span + SLACK);
  return [...known.slice(Math.max(0, first)), count];
}

function isSame(a: Count, b: Count): boolean {
  return a.packets === b.packets && a.bytes === b.bytes && a.dropped === b.dropped;
}

function average(known: readonly Count[], now: number, span: number): Rate | undefined {
  const last = known.at(-1)!;
  if (now - last.at >= span) return { packets: 0, bytes: 0, dropped: 0 };
  const first = known[0]!;
  if (first.at > last.at - span + SLACK) return undefined;
  // The first count may be much older than that, if the mirror was idle.
  const seconds = Math.min(last.at - first.at, span);
  return difference(first, last, seconds);
}
