/**
 * Numbers as people read them.
 *
 * @module
 */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/**
 * Writes an amount of data.
 *
 * @param bytes How many bytes.
 * @returns At most three digits before the unit, which is a power of 1000 bytes.
 */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  // From here on it would be rounded to 1000.
  for (; amount >= 999.5 && unit < UNITS.length - 1; unit++) amount /= 1000;
  return `${unit > 0 && amount < 99.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

/**
 * Writes a rate.
 *
 * @param rate How many a second.
 * @returns Whole, but for small ones.
 */
export function formatRate(rate: number): string {
  return rate < 9.95 ? String(Number(rate.toFixed(1))) : String(Math.round(rate));
}
