/**
 * Counts trials and collects failures.
 *
 * @module
 */

/** Counts of one kind of test. */
export class Tally {
  /** Calls of a plugin whose outcome was judged. */
  cases = 0;
  /** Faults that struck. */
  faults = 0;
  /** Failures, each with what it takes to see it again. */
  readonly losses: string[] = [];
  /** Further figures, such as the number of retries. */
  readonly figures = new Map<string, number>();

  /**
   * Notes a requirement that was checked.
   *
   * @param met Whether it is met.
   * @param loss Says what is wrong if it is not.
   */
  require(met: boolean, loss: () => string): void {
    if (!met) this.losses.push(loss());
  }

  /** Keeps the largest of the values noted under a name. */
  peak(name: string, value: number): void {
    this.figures.set(name, Math.max(value, this.figures.get(name) ?? value));
  }

  /** Adds up the values noted under a name. */
  sum(name: string, value: number): void {
    this.figures.set(name, value + (this.figures.get(name) ?? 0));
  }
}

/** Whether two values are the same data. Members have to come in the same order. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
