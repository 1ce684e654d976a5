/**
 * Packets missing from a stream of numbered ones.
 *
 * @module
 */

/** The number of the last packet of a burst, and when it was sent, in milliseconds since 1970. */
export type Burst = readonly [number: number, time: number];

/**
 * Compares what was copied with what arrived, so that what the switch dropped does not count.
 *
 * @param bursts All that was sent in the time that matters.
 * @param arrived The numbers of what arrived, in order.
 * @param copied The numbers of what was copied.
 * @param start When the time begins.
 * @returns How many packets were missed, and when after the start the last one was sent; 0: none.
 */
export function missedOf(
  bursts: readonly Burst[],
  arrived: readonly number[],
  copied: ReadonlySet<number>,
  start: number,
): { packets: number; last: number } {
  const [first, end] = [bursts.at(0)?.[0] ?? 0, bursts.at(-1)?.[0] ?? 0];
  const missed = arrived.filter((number) => number > first && number <= end && !copied.has(number));
  const last = bursts.find(([number]) => number >= (missed.at(-1) ?? Infinity));
  return { packets: missed.length, last: last ? last[1] - start : 0 };
}
