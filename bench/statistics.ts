/**
 * Medians and quartiles: what is left of a measurement on a machine that does other things too. A
 * library for statistics would replace the six lines of `quantile()`.
 *
 * @module
 */

/** Quartiles of what was measured. */
export interface Spread {
  /** A quarter of the values is below. */
  low: number;
  /** Half of the values is below. */
  median: number;
  /** A quarter of the values is above. */
  high: number;
}

/**
 * Quartiles, interpolated between neighbours.
 *
 * @param values At least one.
 */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("no values to take quartiles of");
  const sorted = values.toSorted((a, b) => a - b);
  return {
    low: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.75),
  };
}

/**
 * Quotients of values that were measured right after each other. What slows the machine down for
 * a while slows both, so their quotient says more than that of two medians.
 *
 * @param values Dividends.
 * @param others Divisors, as many.
 */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return paired(values, others, (value, other) => value / other);
}

/**
 * Differences of values that were measured right after each other.
 *
 * @param values Minuends.
 * @param others Subtrahends, as many.
 */
export function differences(values: readonly number[], others: readonly number[]): number[] {
  return paired(values, others, (value, other) => value - other);
}

function paired(
  values: readonly number[],
  others: readonly number[],
  combine: (value: number, other: number) => number,
): number[] {
  if (values.length !== others.length) {
    throw new RangeError(`${values.length} values cannot be paired with ${others.length}`);
  }
  return values.map((value, index) => combine(value, others[index]!));
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
